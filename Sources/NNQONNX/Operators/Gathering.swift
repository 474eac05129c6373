import NNQFloat

/// Operators that repeat and pick elements at places known now.
extension NodeReader {
  /// One element, elements at even distances, or any; rows of a table where an input of integers numbers them.
  func gather(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if case .value(let numbers, let shape) = try operand(1), graph.isInteger(numbers) { return try gatherRows(numbers, shape, &graph) }
    let shape = try operand(0).shape
    let axis = try axis(integer("axis") ?? 0, rank: shape.count)
    let indices = try gatheredIndices(extent: shape[axis], axis: axis)
    let indicesShape = try constant(1).shape
    let newShape = shape[..<axis] + indicesShape + shape[(axis + 1)...]
    switch try operand(0) {
    case .constant(let tensor):
      try graph.reserveFolded(Array(newShape), self)
      return .constant(tensor.gathered(axis: axis, indices: indices, indicesShape: indicesShape))
    case .value(let x, shape: _):
      guard indicesShape.count != 1 else { return try taken(x, [(axis, indices)], &graph) }
      let picked = try picked(x, axis, indices, &graph)
      return try graph.append(.reshape, self, inputs: [picked], shape: Array(newShape))
    }
  }

  private func gatheredIndices(extent: Int, axis: Int) throws(Refusal) -> [Int] {
    var indices: [Int] = []
    for index in try integers(1) {
      guard index >= -extent, index < extent else {
        throw Refusal(.invalidOperand, at: place, "index \(index) of axis \(axis), which has \(extent) elements")
      }
      indices.append(index < 0 ? index + extent : index)
    }
    return indices
  }

  func expand(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let shape = try operand(0).shape
    let target = try broadcastShape(shape, integers(1))
    switch try operand(0) {
    case .constant(let tensor):
      try graph.reserveFolded(target, self)
      return .constant(tensor.broadcast(to: target))
    case .value(let x, shape: _):
      let aligned = [Int](repeating: 1, count: target.count - shape.count) + shape
      let repeated = target.indices.filter { target[$0] != aligned[$0] }
      guard target != shape else { return try operand(0) }
      guard !repeated.isEmpty else { return try graph.append(.reshape, self, inputs: [x], shape: target) }
      let value = aligned == shape ? x : try graph.append(step: "aligned", .reshape, self, inputs: [x], shape: aligned)
      return try taken(value, repeated.map { ($0, [Int](repeating: 0, count: target[$0])) }, &graph)
    }
  }

  func tile(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (shape, repeats) = (try operand(0).shape, try integers(1))
    guard repeats.count == shape.count, repeats.allSatisfy({ (1...65_535).contains($0) }) else {
      throw Refusal(.invalidOperand, at: place, "repeats \(repeats) of shape \(shape)")
    }
    let newShape = zip(shape, repeats).map { $0 * $1 }
    switch try operand(0) {
    case .constant(let tensor):
      try graph.reserveFolded(newShape, self)
      var tiled = tensor
      for axis in shape.indices where repeats[axis] > 1 {
        tiled = tiled.gathered(axis: axis, indices: tiledIndices(shape[axis], repeats[axis]), indicesShape: [newShape[axis]])
      }
      return .constant(tiled)
    case .value(let x, shape: _):
      let axes = shape.indices.filter { repeats[$0] > 1 }
      guard !axes.isEmpty else { return try operand(0) }
      return try taken(x, axes.map { ($0, tiledIndices(shape[$0], repeats[$0])) }, &graph)
    }
  }

  private func tiledIndices(_ extent: Int, _ count: Int) -> [Int] { (0..<count).flatMap { _ in 0..<extent } }

  // MARK: Values at places along axes

  /// The node's output: x with each of these axes gathered.
  ///
  /// - Parameter places: at least one axis; indices below its extent.
  func taken(_ x: Int, _ places: [(axis: Int, indices: [Int])], _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    var value = x
    for (axis, indices) in places.dropLast() { value = try picked(value, axis, indices, &graph) }
    let (axis, indices) = places[places.count - 1]
    let (operation, inputs, shape) = try picking(value, axis, indices, &graph)
    return try graph.append(operation, self, inputs: inputs, shape: shape)
  }

  private func picked(_ x: Int, _ axis: Int, _ indices: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let (operation, inputs, shape) = try picking(x, axis, indices, &graph)
    return try graph.append(step: "taken\(axis)", operation, self, inputs: inputs, shape: shape)
  }

  /// A slice where the distances are even.
  private func picking(
    _ x: Int, _ axis: Int, _ indices: [Int], _ graph: inout GraphBuilder
  ) throws(Refusal) -> (FloatOperation, inputs: [Int], shape: [Int]) {
    var shape = graph.shape(of: x)
    shape[axis] = indices.count
    let step = indices.count > 1 ? indices[1] - indices[0] : 1
    guard let first = indices.first, step > 0, indices == (0..<indices.count).map({ first + $0 * step }) else {
      let places = try graph.constant(step: "indices", self, shape: [indices.count], indices.map { Float($0) })
      return (.take(axis: axis), [x, places], shape)
    }
    var (begin, steps) = (shape.map { _ in 0 }, shape.map { _ in 1 })
    (begin[axis], steps[axis]) = (first, step)
    return (.slice(begin: begin, step: steps), [x], shape)
  }
}

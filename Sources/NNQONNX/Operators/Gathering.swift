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
      let pick = AxisPick(axis: axis, count: indices.count) { indices[$0] }
      guard indicesShape.count != 1 else { return try taken(x, [pick], &graph) }
      let picked = try picked(x, pick, &graph)
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
      return try taken(value, repeated.map { AxisPick(axis: $0, count: target[$0]) { _ in 0 } }, &graph)
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
        let indices = (0..<newShape[axis]).map { $0 % shape[axis] }
        tiled = tiled.gathered(axis: axis, indices: indices, indicesShape: [newShape[axis]])
      }
      return .constant(tiled)
    case .value(let x, shape: _):
      let axes = shape.indices.filter { repeats[$0] > 1 }
      guard !axes.isEmpty else { return try operand(0) }
      return try taken(x, axes.map { axis in AxisPick(axis: axis, count: newShape[axis]) { $0 % shape[axis] } }, &graph)
    }
  }

  // MARK: Values at places along axes

  /// The node's output: x with each of these axes gathered.
  ///
  /// - Parameter picks: at least one.
  func taken(_ x: Int, _ picks: [AxisPick], _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    var value = x
    for pick in picks.dropLast() { value = try picked(value, pick, &graph) }
    let (operation, inputs, shape) = try picking(value, picks[picks.count - 1], &graph)
    return try graph.append(operation, self, inputs: inputs, shape: shape)
  }

  func picked(_ x: Int, _ pick: AxisPick, _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let (operation, inputs, shape) = try picking(x, pick, &graph)
    return try graph.append(step: "taken\(pick.axis)", operation, self, inputs: inputs, shape: shape)
  }

  /// A slice where the distances are even.
  private func picking(
    _ x: Int, _ pick: AxisPick, _ graph: inout GraphBuilder
  ) throws(Refusal) -> (FloatOperation, inputs: [Int], shape: [Int]) {
    var shape = graph.shape(of: x)
    shape[pick.axis] = pick.count
    guard let (first, step) = pick.progression else {
      let places = try graph.constant(
        step: "indices", self, shape: [pick.count], (0..<pick.count).map { Float(pick.index($0)) })
      return (.take(axis: pick.axis), [x, places], shape)
    }
    var (begin, steps) = (shape.map { _ in 0 }, shape.map { _ in 1 })
    (begin[pick.axis], steps[pick.axis]) = (first, step)
    return (.slice(begin: begin, step: steps), [x], shape)
  }
}

/// Which elements of an axis are taken.
struct AxisPick {
  let axis: Int
  /// As the model states it: not checked yet, and perhaps negative.
  let count: Int
  /// For each place below `count` the index of its element, below the axis's extent.
  let index: (Int) -> Int

  init(axis: Int, count: Int, index: @escaping (Int) -> Int) {
    (self.axis, self.count, self.index) = (axis, count, index)
  }

  /// Where the indices start and how far apart they are, if they rise evenly.
  var progression: (first: Int, step: Int)? {
    guard count >= 1 else { return nil }
    let first = index(0)
    let step = count > 1 ? index(1) - first : 1
    guard step > 0, (0..<count).allSatisfy({ index($0) == first + $0 * step }) else { return nil }
    return (first, step)
  }
}

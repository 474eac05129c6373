import NNQFloat

/// Operators that move elements: on constants they are computed, on values appended.
extension NodeReader {
  /// Identity, and Dropout in inference.
  func identity(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try operand(0) }

  /// In inference, or where it drops none, it keeps all: its mask, where one is asked for, is true.
  func dropout(_ graph: inout GraphBuilder) throws(Refusal) -> [Operand] {
    if let training = try optionalConstant(2), training.booleans != [false], try float("ratio", orOperand: 1) ?? 0.5 != 0 {
      throw Refusal(.unsupportedOperand, at: place, "training_mode is set", remedy: "export the model in evaluation mode")
    }
    let x = try operand(0)
    guard node.outputs.dropFirst().contains(where: { !$0.isEmpty }) else { return [x] }
    try graph.reserveFolded(x.shape, self)
    let mask = HostTensor(shape: x.shape, .booleans([Bool](repeating: true, count: x.shape.reduce(1, *))))
    return [x, .constant(mask)]
  }

  func reshape(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try reshaped(to: reshapeShape(of: operand(0).shape), &graph)
  }

  func flatten(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try reshaped(to: flattenShape(of: operand(0).shape), &graph)
  }

  func unsqueeze(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try reshaped(to: unsqueezeShape(of: operand(0).shape), &graph)
  }

  func squeeze(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try reshaped(to: squeezeShape(of: operand(0)), &graph)
  }

  private func reshaped(to shape: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    switch try operand(0) {
    case .constant(let tensor): return .constant(tensor.reshaped(shape))
    case .value(let x, shape: _): return try graph.append(.reshape, self, inputs: [x], shape: shape)
    }
  }

  func transpose(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let permutation = try permutation(of: operand(0).shape)
    switch try operand(0) {
    case .constant(let tensor):
      try graph.reserveFolded(tensor.shape, self)
      return .constant(tensor.transposed(permutation))
    case .value(let x, shape: _): return try graph.append(.transpose(permutation: permutation), self, inputs: [x])
    }
  }

  func slice(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try sliced(slice(of: operand(0).shape), &graph) }

  private func sliced(_ slice: ResolvedSlice, output: Int = 0, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    switch try operand(0) {
    case .constant(let tensor):
      try graph.reserveFolded(slice.extents, self)
      return .constant(tensor.sliced(slice))
    case .value(let x, let shape):
      let backward = slice.step.indices.filter { slice.step[$0] < 0 }
      guard !backward.isEmpty else {
        return try graph.append(.slice(begin: slice.begin, step: slice.step), self, inputs: [x], shape: slice.extents, output: output)
      }
      return try slicedBackward(x, slice, of: shape, along: backward, &graph)
    }
  }

  /// Axes with negative steps are gathered, after the others are sliced.
  private func slicedBackward(
    _ x: Int, _ slice: ResolvedSlice, of shape: [Int], along axes: [Int], _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    let forward = slice.whole(along: axes, of: shape)
    var value = x
    if forward != ResolvedSlice(whole: shape) {
      value = try graph.append(step: "slice", .slice(begin: forward.begin, step: forward.step), self, inputs: [x], shape: forward.extents)
    }
    let picks = axes.map { axis in AxisPick(axis: axis, count: slice.extents[axis]) { slice.begin[axis] + $0 * slice.step[axis] } }
    return try taken(value, picks, &graph)
  }

  /// One slice for each output.
  func split(_ graph: inout GraphBuilder) throws(Refusal) -> [Operand] {
    let shape = try operand(0).shape
    let axis = try axis(integer("axis") ?? 0, rank: shape.count)
    var (results, start): ([Operand], Int) = ([], 0)
    for (index, extent) in try splitExtents(of: shape[axis]).enumerated() {
      var part = ResolvedSlice(whole: shape)
      part.narrow(axis, start: start, end: start + extent, step: 1)
      start += extent
      results.append(try sliced(part, output: index, &graph))
    }
    return results
  }

  func concat(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let constants = operands.compactMap { if case .constant(let tensor) = $0 { tensor } else { nil } }
    let axis = try axis(integer("axis") ?? (opset < 4 ? 1 : 0), rank: operand(0).shape.count)
    guard constants.count < operands.count else { return .constant(try concatenated(constants, axis: axis, &graph)) }
    var inputs: [Int] = []
    for index in operands.indices { inputs.append(try graph.valueOrConstant(self, operand: index)) }
    return try graph.append(.concat(axis: axis), self, inputs: inputs)
  }
}

import NNQFloat

/// Operators that move elements: on constants they are computed, on values appended.
extension NodeReader {
  /// Identity, and Dropout in inference.
  func identity(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try operand(0) }

  /// In inference it keeps all: its mask, where one is asked for, is true.
  func dropout(_ graph: inout GraphBuilder) throws(Refusal) -> [Operand] {
    if let training = try optionalConstant(2), training.booleans != [false] {
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
    case .value(let x, shape: _):
      guard slice.step.allSatisfy({ $0 > 0 }) else {
        throw Refusal(.unsupportedOperand, at: place, "steps \(slice.step), only positive ones are supported")
      }
      return try graph.append(.slice(begin: slice.begin, step: slice.step), self, inputs: [x], shape: slice.extents, output: output)
    }
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

  /// Padding with a constant; negative padding, which crops, is refused.
  func pad(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let rank = x.shape.count
    let mode = try text("mode") ?? "constant"
    guard mode == "constant" else { throw Refusal(.unsupportedAttribute, at: place("mode"), "'\(mode)', only constant is supported") }
    guard let pads = try integers("pads", orOperand: 1) else { throw Refusal(.missingOperand, at: place, "pads are missing") }
    let axes = try axes(optionalIntegers(3) ?? Array(0..<rank), rank: rank)
    guard pads.count == 2 * axes.count else {
      throw Refusal(.invalidOperand, at: place, "\(pads.count) pads for \(axes.count) axes")
    }
    guard pads.allSatisfy({ $0 >= 0 }) else { throw Refusal(.unsupportedOperand, at: place, "negative pads \(pads) are not supported") }
    var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    for (index, axis) in axes.enumerated() {
      (before[axis], after[axis]) = (pads[index], pads[index + axes.count])
    }
    let value = try float("value", orOperand: 2) ?? 0
    return try graph.append(.pad(before: before, after: after, value: value), self, inputs: [x.index])
  }
}

import NNQFloat

extension NodeReader {
  func conv(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let weights = try constant(1)
    try checkSpatial(x.shape)
    guard weights.shape.count == x.shape.count else {
      throw Refusal(.invalidOperand, at: place, "weights have shape \(weights.shape), the input \(x.shape)")
    }
    let window = try window(over: x.shape, kernel: Array(weights.shape[2...]))
    let conv = FloatConv(
      strides: window.strides, dilations: window.dilations, pads: window.pads, groups: try integer("group") ?? 1)
    var inputs = [x.index, try graph.valueOrConstant(self, operand: 1)]
    if try optionalConstant(2) != nil { inputs.append(try graph.valueOrConstant(self, operand: 2)) }
    return try graph.append(.conv(conv), self, inputs: inputs)
  }

  /// Weights C,K/G,... are stored as those of a convolution are.
  func convTranspose(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let weights = try constant(1)
    try checkSpatial(x.shape)
    let groups = try integer("group") ?? 1
    guard weights.shape.count == x.shape.count, groups >= 1, weights.shape[0] == x.shape[1], x.shape[1] % groups == 0 else {
      throw Refusal(.invalidOperand, at: place, "weights have shape \(weights.shape), the input \(x.shape), with \(groups) groups")
    }
    let conv = try transposedWindow(over: Array(x.shape[2...]), kernel: Array(weights.shape[2...]), groups: groups)
    let (depth, channels, taps) = (x.shape[1] / groups, weights.shape[1], weights.shape[2...].reduce(1, *))
    let shape = [channels * groups, depth] + weights.shape[2...]
    let stored = try graph.constant(self, operand: 1, derivation: ".transposed\(groups)", shape: shape) { elements in
      (0..<groups * channels).flatMap { k in
        (0..<depth).flatMap { c in
          let first = ((k / channels * depth + c) * channels + k % channels) * taps
          return elements[first..<first + taps]
        }
      }
    }
    var inputs = [x.index, stored]
    if try optionalConstant(2) != nil { inputs.append(try graph.valueOrConstant(self, operand: 2)) }
    return try graph.append(.convTranspose(conv), self, inputs: inputs)
  }
}

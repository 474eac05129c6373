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
}

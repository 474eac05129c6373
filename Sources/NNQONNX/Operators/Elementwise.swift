import NNQFloat

extension NodeReader {
  func add(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.add, &graph) }
  func sub(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.sub, &graph) }
  func mul(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.mul, &graph) }
  func div(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.div, &graph) }

  /// Of two operands; exporters write residual additions so.
  func sum(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard operands.count == 2 else {
      throw Refusal(
        .unsupportedOperand, at: place, "it adds \(operands.count) operands", remedy: "export the model with Add nodes of two operands")
    }
    return try binary(.add, &graph)
  }

  private func binary(_ operation: FloatBinary, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if case .constant(let a) = try operand(0), case .constant(let b) = try operand(1) {
      return .constant(try folded(operation, a, b, &graph))
    }
    let inputs = [try graph.valueOrConstant(self, operand: 0), try graph.valueOrConstant(self, operand: 1)]
    return try graph.append(.binary(operation), self, inputs: inputs)
  }

  func relu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.relu, &graph) }
  func sigmoid(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.sigmoid, &graph) }
  func tanh(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.tanh, &graph) }
  func hardSwish(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.hardSwish, &graph) }

  func hardSigmoid(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.hardSigmoid(alpha: float("alpha") ?? 0.2, beta: float("beta") ?? 0.5), &graph)
  }

  func leakyRelu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.leakyRelu(alpha: float("alpha") ?? 0.01), &graph)
  }

  /// A bound that is left out is the largest float there is.
  func clip(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let lo = try float("min", orOperand: 1) ?? -Float.greatestFiniteMagnitude
    let hi = try float("max", orOperand: 2) ?? Float.greatestFiniteMagnitude
    return try unary(.clip(lo: lo, hi: hi), &graph)
  }

  private func unary(_ function: FloatUnary, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try graph.append(.unary(function), self, inputs: [value(0).index])
  }
}

import NNQFloat

extension NodeReader {
  func add(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.add, &graph) }
  func sub(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.sub, &graph) }
  func mul(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.mul, &graph) }
  func div(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.div, &graph) }

  private func binary(_ operation: FloatBinary, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if case .constant(let a) = try operand(0), case .constant(let b) = try operand(1) {
      return .constant(try folded(operation, a, b, &graph))
    }
    let inputs = [try graph.valueOrConstant(self, operand: 0), try graph.valueOrConstant(self, operand: 1)]
    return try graph.append(.binary(operation), self, inputs: inputs)
  }

  func prelu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try binary(.prelu, &graph) }

  /// The exponents may be integers where the bases are not, and the other way round.
  func pow(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if case .constant(let bases) = try operand(0), case .constant(let exponents) = try operand(1),
      bases.typeName != exponents.typeName
    {
      throw mustBeComputed(0)
    }
    guard case .constant(let exponents) = try operand(1), case .integers(let values) = exponents.elements,
      case .value = try operand(0)
    else { return try binary(.pow, &graph) }
    var reader = self
    reader.operands[1] = .constant(HostTensor(shape: exponents.shape, .floats(values.map { Float($0) })))
    return try reader.binary(.pow, &graph)
  }

  func relu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.relu, &graph) }
  func sigmoid(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.sigmoid, &graph) }
  func tanh(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.tanh, &graph) }
  func hardSwish(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.hardSwish, &graph) }

  func function(_ function: FloatFunction) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in try unary(.function(function), &graph) }
  }

  func hardSigmoid(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.hardSigmoid(alpha: float("alpha") ?? 0.2, beta: float("beta") ?? 0.5), &graph)
  }

  func leakyRelu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.leakyRelu(alpha: float("alpha") ?? 0.01), &graph)
  }

  func elu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.elu(alpha: float("alpha") ?? 1), &graph) }
  func celu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.celu(alpha: float("alpha") ?? 1), &graph) }
  func swish(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try unary(.swish(alpha: float("alpha") ?? 1), &graph) }

  func selu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.selu(alpha: float("alpha") ?? 1.673_263_2, gamma: float("gamma") ?? 1.050_701), &graph)
  }

  func thresholdedRelu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.thresholdedRelu(alpha: float("alpha") ?? 1), &graph)
  }

  func shrink(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try unary(.shrink(bias: float("bias") ?? 0, lambda: float("lambd") ?? 0.5), &graph)
  }

  func gelu(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let approximation = try text("approximate") ?? "none"
    switch approximation {
    case "none": return try unary(.function(.gelu), &graph)
    case "tanh": return try unary(.function(.geluTanh), &graph)
    default: throw Refusal(.invalidAttribute, at: place("approximate"), "it is '\(approximation)', not 'none' or 'tanh'")
    }
  }

  /// A bound that is left out is the largest float there is. Crossed bounds give the upper one.
  func clip(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let lo = try float("min", orOperand: 1) ?? -Float.greatestFiniteMagnitude
    let hi = try float("max", orOperand: 2) ?? Float.greatestFiniteMagnitude
    return try unary(.clip(lo: lo > hi ? hi : lo, hi: hi), &graph)
  }

  private func unary(_ function: FloatUnary, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    switch try operand(0) {
    case .constant(let tensor): return .constant(try folded(function, tensor, &graph))
    case .value(let value, shape: _): return try graph.append(.unary(function), self, inputs: [value])
    }
  }
}

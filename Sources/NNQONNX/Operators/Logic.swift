import NNQFloat

/// Operators on two tensors of truth values.
enum Logic {
  case and, or, exclusiveOr

  fileprivate func callAsFunction(_ a: Bool, _ b: Bool) -> Bool {
    switch self {
    case .and: a && b
    case .or: a || b
    case .exclusiveOr: a != b
    }
  }
}

/// On constants they are computed. Truth values of the net are the numbers 1 and 0.
extension NodeReader {
  /// Operands 0 and 1, element by element.
  func logic(_ logic: Logic) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in
      if case .constant(let a) = try operand(0), case .constant(let b) = try operand(1) {
        return .constant(try folded(logic, a, b, &graph))
      }
      let inputs = [try graph.number(self, operand: 0), try graph.number(self, operand: 1)]
      switch logic {
      case .and: return try graph.append(.binary(.minimum), self, inputs: inputs)
      case .or: return try graph.append(.binary(.maximum), self, inputs: inputs)
      case .exclusiveOr: return try inverted(graph.append(step: "equal", .binary(.equal), self, inputs: inputs), &graph)
      }
    }
  }

  private func folded(_ logic: Logic, _ a: HostTensor, _ b: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> HostTensor {
    let shape = try broadcastShape(a.shape, b.shape)
    try graph.reserveFolded(shape, self)
    guard let left = a.broadcast(to: shape).booleans else { throw wrongType(0, a, "booleans") }
    guard let right = b.broadcast(to: shape).booleans else { throw wrongType(1, b, "booleans") }
    return HostTensor(shape: shape, .booleans(zip(left, right).map { logic($0, $1) }))
  }

  func not(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard case .constant(let tensor) = try operand(0) else { return try inverted(graph.number(self, operand: 0), &graph) }
    guard let values = tensor.booleans else { throw wrongType(0, tensor, "booleans") }
    try graph.reserveFolded(tensor.shape, self)
    return .constant(HostTensor(shape: tensor.shape, .booleans(values.map { !$0 })))
  }

  /// The node's output: 1 for 0, else 0.
  func inverted(_ truth: Int, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try graph.append(.binary(.equal), self, inputs: [truth, try graph.constant(step: "zero", self, shape: [], [0])])
  }

  /// The same on the way to the node's output.
  func inverted(step: String, _ truth: Int, _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let zero = try graph.constant(step: "zero", self, shape: [], [0])
    return try graph.append(step: step, .binary(.equal), self, inputs: [truth, zero])
  }
}

import NNQFloat

extension NodeReader {
  /// Of values: x times 1 where the condition holds and 0 elsewhere, plus y with 0 and 1.
  func whereNode(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard case .constant(let condition) = try operand(0) else { return try masked(&graph) }
    guard let isFirst = condition.booleans else { throw wrongType(0, condition, "booleans") }
    if case .constant(let x) = try operand(1), case .constant(let y) = try operand(2) {
      return .constant(try selected(condition, x, y, &graph))
    }
    for (operand, isWhole) in [(1, isFirst.allSatisfy { $0 }), (2, isFirst.allSatisfy { !$0 })] where isWhole {
      if let whole = try unmasked(operand) { return whole }
    }
    let parts = [
      try part(1, where: condition, &graph), try part(2, where: HostTensor(shape: condition.shape, .booleans(isFirst.map { !$0 })), &graph),
    ]
    return try graph.append(.binary(.add), self, inputs: parts)
  }

  /// With a condition that the net computes: x masked by it, plus y masked by its opposite. What is zeros is left out.
  private func masked(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let condition = try graph.number(self, operand: 0)
    let (x, y) = (try graph.number(self, operand: 1), try graph.number(self, operand: 2))
    let shape = try broadcastShape(try broadcastShape(graph.shape(of: condition), graph.shape(of: x)), graph.shape(of: y))
    func isLeftOut(_ part: Int, _ other: Int) throws(Refusal) -> Bool {
      try broadcastShape(graph.shape(of: condition), graph.shape(of: other)) == shape
        && graph.graph.values[part].constant?.allSatisfy { $0 == 0 } ?? false
    }
    if try isLeftOut(y, x) { return try graph.append(.binary(.mask), self, inputs: [x, condition]) }
    let opposite = try inverted(step: "opposite", condition, &graph)
    if try isLeftOut(x, y) { return try graph.append(.binary(.mask), self, inputs: [y, opposite]) }
    let first = try graph.append(step: "first", .binary(.mask), self, inputs: [x, condition])
    let second = try graph.append(step: "second", .binary(.mask), self, inputs: [y, opposite])
    return try graph.append(.binary(.add), self, inputs: [first, second])
  }

  /// An operand that is the result for every element.
  private func unmasked(_ index: Int) throws(Refusal) -> Operand? {
    let shapes = try (0..<3).map { (index) throws(Refusal) in try operand(index).shape }
    let shape = try broadcastShape(try broadcastShape(shapes[0], shapes[1]), shapes[2])
    guard case .value = try operand(index), shapes[index] == shape else { return nil }
    return try operand(index)
  }

  /// The operand where the mask is true, 0 elsewhere. Elements of a constant are chosen, for some may be infinite.
  private func part(_ index: Int, where mask: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let zero = HostTensor(shape: [], .floats([0]))
    let step = index == 1 ? "first" : "second"
    switch try operand(index) {
    case .constant(let tensor): return try constant(step: step, try selected(mask, tensor, zero, &graph), &graph)
    case .value(let value, shape: _):
      let factors = try selected(mask, HostTensor(shape: [], .floats([1])), zero, &graph)
      let factor = try constant(step: "\(step).mask", factors, &graph)
      return try graph.append(step: step, .binary(.mul), self, inputs: [value, factor])
    }
  }
}

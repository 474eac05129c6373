import NNQFloat

extension FloatGraph {
  /// What an addition puts out of reach of the softmax after it: far beyond any score, and finite.
  private static let maskedScore: Float = -10_000

  /// Makes the entries of constants that masks add before a softmax no lower than `maskedScore`: exporters write -infinity or
  /// the lowest float.
  mutating func limitMasks() -> [String] {
    var log: [String] = []
    for (place, node) in nodes.enumerated() {
      guard isMask(node), let constant = node.inputs.first(where: { values[$0].constant != nil }),
        let elements = values[constant].constant, elements.contains(where: { $0 < Self.maskedScore })
      else { continue }
      var limited = values[constant]
      limited.constant = elements.map { max($0, Self.maskedScore) }
      let own = adopt(limited)
      nodes[place].inputs = node.inputs.map { $0 == constant ? own : $0 }
      log.append("\(node.name): entries of the mask limited to \(Self.maskedScore)")
    }
    return log
  }

  /// A sum with a constant that nothing but softmax reads.
  private func isMask(_ node: FloatNode) -> Bool {
    guard case .binary(.add) = node.operation, node.inputs.contains(where: { values[$0].constant != nil }),
      !outputs.contains(node.outputs[0])
    else { return false }
    let users = consumers(of: node.outputs[0])
    return !users.isEmpty && users.allSatisfy { user in if case .softmax = nodes[user].operation { true } else { false } }
  }
}

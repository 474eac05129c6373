import NNQFloat

extension FloatGraph {
  /// Makes a division a product with the divisor's reciprocal: a constant, or a function of each element. A number divided by
  /// an activation, or an activation by a number, is such a function itself.
  mutating func replaceDivision() -> [String] {
    var log: [String] = []
    for output in nodes.map({ $0.outputs[0] }) {
      guard let index = producer(of: output), case .binary(.div) = nodes[index].operation,
        nodes[index].inputs.allSatisfy({ values[$0].constant?.count != 1 })
      else { continue }
      let divisor = nodes[index].inputs[1]
      let name = freshName(values[output].name + ".reciprocal")
      let constant = values[divisor].constant.map { $0.map { 1 / $0 } }
      let reciprocal = adopt(FloatValue(name: name, shape: values[divisor].shape, constant: constant))
      nodes[index].operation = .binary(.mul)
      nodes[index].inputs[1] = reciprocal
      if constant == nil {
        nodes.insert(FloatNode(name: name, .unary(.function(.reciprocal)), inputs: [divisor], outputs: [reciprocal]), at: index)
      }
      log.append("\(values[output].name): division made a product")
    }
    return log
  }
}

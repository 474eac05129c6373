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
      var reciprocal = FloatValue(name: values[output].name + ".reciprocal", shape: values[divisor].shape)
      reciprocal.constant = values[divisor].constant.map { $0.map { 1 / $0 } }
      values.append(reciprocal)
      nodes[index].operation = .binary(.mul)
      nodes[index].inputs[1] = values.count - 1
      if reciprocal.constant == nil {
        let node = FloatNode(name: reciprocal.name, .unary(.function(.reciprocal)), inputs: [divisor], outputs: [values.count - 1])
        nodes.insert(node, at: index)
      }
      log.append("\(values[output].name): division made a product")
    }
    return log
  }
}

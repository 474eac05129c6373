import NNQFloat

extension FloatGraph {
  /// Makes a comparison of two activations one of their difference with 0, which is a function of each element.
  mutating func compareDifferences() -> [String] {
    var log: [String] = []
    for output in nodes.map({ $0.outputs[0] }) {
      guard let index = producer(of: output), isComparison(nodes[index].operation),
        nodes[index].inputs.allSatisfy({ values[$0].constant?.count != 1 })
      else { continue }
      let name = freshName(values[output].name + ".difference")
      let difference = adopt(FloatValue(name: name, shape: values[output].shape))
      let zero = adopt(FloatValue(name: freshName(values[output].name + ".zero"), shape: [], constant: [0]))
      nodes.insert(FloatNode(name: name, .binary(.sub), inputs: nodes[index].inputs, outputs: [difference]), at: index)
      nodes[index + 1].inputs = [difference, zero]
      log.append("\(values[output].name): made a comparison of the difference with 0")
    }
    return log
  }

  private func isComparison(_ operation: FloatOperation) -> Bool {
    switch operation {
    case .binary(.equal), .binary(.less), .binary(.lessOrEqual): true
    default: false
    }
  }
}

import NNQFloat

extension FloatGraph {
  /// Computes nodes of which every operand is constant, unless the result is so large that the file is better off with the
  /// operands.
  mutating func foldConstants() -> [String] {
    var log: [String] = []
    var kept: [FloatNode] = []
    for node in nodes {
      let operands = node.inputs.compactMap { value in
        values[value].constant.map { FloatTensor(shape: values[value].shape, elements: $0) }
      }
      let output = node.outputs[0]
      let limit = max(1 << 16, 2 * operands.reduce(0) { $0 + $1.elements.count })
      guard operands.count == node.inputs.count, !outputs.contains(output), values[output].elementCount <= limit else {
        kept.append(node)
        continue
      }
      values[output].constant = node.operation.evaluate(operands, outputShape: values[output].shape)
      log.append("\(node.name): computed, its operands are constants")
    }
    nodes = kept
    return log
  }
}

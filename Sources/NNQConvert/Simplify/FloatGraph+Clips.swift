import NNQFloat

extension FloatGraph {
  /// Makes the maximum or minimum of an activation and one number a clip, which the layer before it may take in.
  mutating func recognizeClips() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      guard let (activation, clip) = clip(nodes[index]) else { continue }
      nodes[index].operation = .unary(clip)
      nodes[index].inputs = [activation]
      log.append("\(nodes[index].name): recognised as a clip")
    }
    return log
  }

  private func clip(_ node: FloatNode) -> (activation: Int, FloatUnary)? {
    guard case .binary(let function) = node.operation, let constant = node.inputs.first(where: { values[$0].constant != nil }),
      let activation = node.inputs.first(where: { values[$0].constant == nil }), let elements = values[constant].constant,
      elements.count == 1, values[activation].shape == values[node.outputs[0]].shape
    else { return nil }
    switch function {
    case .maximum: return (activation, .clip(lo: elements[0], hi: .infinity))
    case .minimum: return (activation, .clip(lo: -.infinity, hi: elements[0]))
    default: return nil
    }
  }
}

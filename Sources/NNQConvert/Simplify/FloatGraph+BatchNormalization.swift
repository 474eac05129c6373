import NNQFloat

extension FloatGraph {
  /// Folds a BatchNormalization into the convolution or dense layer before it.
  mutating func foldBatchNormalization() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      let node = nodes[index]
      guard let affine = batchNormalization(node), let producer = accumulatingProducer(of: node.inputs[0], onlyFor: index),
        channelAxis(ofOutputOf: producer) == 1
      else { continue }
      fold(affine, into: producer, replacing: node.outputs[0])
      log.append("\(node.name): BatchNormalization folded into \(nodes[producer].name)")
    }
    return log
  }

  /// What a node computes, if it is a BatchNormalization of constants.
  func batchNormalization(_ node: FloatNode) -> ChannelAffine? {
    guard case .batchNormalization(let epsilon) = node.operation else { return nil }
    return ChannelAffine(node.inputs.dropFirst().map { values[$0].constant }, epsilon: epsilon)
  }
}

extension ChannelAffine {
  /// From scale, bias, mean and variance; nil if one is not constant.
  fileprivate init?(_ statistics: [[Float]?], epsilon: Float) {
    let parts = statistics.compactMap(\.self)
    guard parts.count == 4 else { return nil }
    scale = zip(parts[0], parts[3]).map { $0 / ($1 + epsilon).squareRoot() }
    offset = scale.indices.map { [scale] in parts[1][$0] - parts[2][$0] * scale[$0] }
  }
}

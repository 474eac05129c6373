import NNQFloat

extension FloatGraph {
  /// Makes arithmetic with one constant for each channel of a picture, and BatchNormalization, a depthwise 1x1 convolution
  /// where nothing could take it in. (The same constant for all is a function of each element, which is a layer already.)
  ///
  /// Where it stands amid a function of each element, it stays: one table for each channel computes it all.
  mutating func replaceChannelAffine() -> [String] {
    var log: [String] = []
    for layer in LayerGraph(self).layers {
      guard let pointwise = layer.pointwise, pointwise.channelAxis == 1, values[layer.output].shape.count == 4,
        let first = leadingAffine(of: pointwise, reading: layer.inputs[0]), let index = producer(of: first.outputs[0]),
        let affine = channelAffine(first)
      else { continue }
      makeDepthwise(index, affine, of: layer.inputs[0])
      let name = if case .batchNormalization = first.operation { "BatchNormalization" } else { "arithmetic with a constant" }
      log.append("\(first.name): \(name) made a 1x1 depthwise convolution")
    }
    return log
  }

  /// The first node of a chain of affine ones that all else depends on, if one of them differs by channel.
  private func leadingAffine(of pointwise: Pointwise, reading leaf: Int) -> FloatNode? {
    var (value, first): (Int, FloatNode?) = (leaf, nil)
    while true {
      let readers = pointwise.nodes.filter { $0.inputs.contains(value) }
      guard readers.count == 1, channelAffine(readers[0]) != nil else { return nil }
      first = first ?? readers[0]
      if elementwise(readers[0])?.channelAxis != nil { return first }
      value = readers[0].outputs[0]
    }
  }

  /// What a node does to each channel of a picture, if that is an affine function.
  private func channelAffine(_ node: FloatNode) -> ChannelAffine? {
    let affine = node.inputs.lazy.compactMap { channelArithmetic(node, on: $0, channelAxis: 1) }.first
    return affine ?? batchNormalization(node)
  }
}

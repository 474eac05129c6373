import NNQFloat

/// y = scale[k] * x + offset[k] for each output channel k: what folds into the weights and bias before it.
struct ChannelAffine {
  var scale: [Float]
  var offset: [Float]
}

extension FloatGraph {
  /// Gives a conv or dense node the function "node, then affine", and lets the users of `value` use its output.
  mutating func fold(_ affine: ChannelAffine, into producer: Int, replacing value: Int) {
    let channelCount = affine.scale.count
    var node = nodes[producer]
    let weights = values[node.inputs[1]]
    let elements = weights.constant ?? []
    let depth = elements.count / channelCount
    let scaled = elements.indices.map { elements[$0] * affine.scale[$0 / depth] }
    let bias = node.inputs.count > 2 ? values[node.inputs[2]].constant ?? [] : [Float](repeating: 0, count: channelCount)
    let newBias = bias.indices.map { bias[$0] * affine.scale[$0] + affine.offset[$0] }
    node.inputs = [
      node.inputs[0], adopt(FloatValue(name: weights.name, shape: weights.shape, constant: scaled)),
      adopt(FloatValue(name: weights.name + ".bias", shape: [channelCount], constant: newBias)),
    ]
    nodes[producer] = node
    // The folded value keeps the name of the last node, which is the one users of the net know.
    values[node.outputs[0]].name = values[value].name
    values[value].name += " (folded)"
    replaceUses(of: value, with: node.outputs[0])
  }

  /// Makes a node the affine of each channel of `value`, N,C,H,W: a depthwise 1x1 convolution.
  mutating func makeDepthwise(_ node: Int, _ affine: ChannelAffine, of value: Int) {
    let channelCount = affine.scale.count
    let name = values[nodes[node].outputs[0]].name
    nodes[node].operation = .conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: channelCount))
    nodes[node].inputs = [
      value, adopt(FloatValue(name: name + ".scale", shape: [channelCount, 1, 1, 1], constant: affine.scale)),
      adopt(FloatValue(name: name + ".offset", shape: [channelCount], constant: affine.offset)),
    ]
  }
}

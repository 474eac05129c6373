import NNQFloat

/// After pruning: brings mean and variance of each output channel back to the unpruned net's, layer by layer, each layer
/// seeing what pruning made of its inputs.
struct Refit {
  let net: LayerGraph
  /// The unpruned net's statistics of each layer's accumulator on the same samples; by layer index.
  let moments: [ChannelMoments?]

  /// The net with its weights and biases as they now are, in its layers and in its graph.
  func run(_ walk: SampleWalk, progress: (Int) -> Void) -> LayerGraph {
    var (walk, result) = (walk, net)
    walk.run(progress: progress) { (walk, index, layer, weights) in
      guard let target = moments[index] else { return }
      var weights = weights
      if weights.zeroCount > 0 {
        weights.matchVariance(layer.moments(of: walk.accumulate(layer, weights.values)), to: target)
      }
      let accumulators = walk.accumulate(layer, weights.values)
      let reached = layer.moments(of: accumulators)
      weights.bias = (0..<weights.channelCount).map { Float(target.mean($0) - reached.mean($0)) }
      walk.finish(layer, accumulators, bias: weights.bias)
      result.layers[index].weights = weights
    }
    result.writeWeightsToGraph()
    return result
  }
}

extension LayerWeights {
  /// Scales each output channel so that its standard deviation is the target's; by a factor of 2 at most either way.
  fileprivate mutating func matchVariance(_ reached: ChannelMoments, to target: ChannelMoments) {
    for channel in 0..<channelCount {
      let (wanted, got) = (target.variance(channel), reached.variance(channel))
      guard wanted > 0, got > 0 else { continue }
      let gain = Float(min(max((wanted / got).squareRoot(), 0.5), 2))
      for element in channel * depth..<(channel + 1) * depth { values[element] *= gain }
      removedEnergy[channel] *= gain * gain
    }
  }
}

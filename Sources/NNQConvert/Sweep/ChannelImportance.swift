import NNQFloat

/// How much errors in the output channels of a layer count against each other.
///
/// Two measures are mixed, as a product of powers: the power that noise in a channel has once the layers behind have passed it
/// on, as if noise of different channels were independent and no clamp cut it; and the noise relative to the channel's own
/// variance. Neither changes when channels are scaled and the weights that read them make up for it.
struct ChannelImportance {
  /// By value index, for each channel (axis 1) the power of the outputs' noise for one of its own.
  private var gains: [Int: [Double]] = [:]

  /// Power of the first measure: KL divergence of ResNet-20's outputs at 50 % is 0.042 without importances; of KWS 0.0752,
  /// 0.0699 and 0.0671 with powers 0.25, 0.5 and 0.75.
  private static let gainPower = 0.75
  /// What a channel has at least of the mean, in both measures: one that says nothing on these samples may elsewhere.
  private static let leastShare = 0.01

  init(_ net: LayerGraph) {
    for output in net.graph.outputs { gains[output] = [Double](repeating: 1, count: net.graph.channelCount(output)) }
    for layer in net.layers.reversed() { passBack(layer, net.graph) }
  }

  /// Factors that make errors of a layer's K output channels comparable.
  ///
  /// - Parameter variances: of the channels, before a clamp.
  func factors(_ layer: Layer, variances: [Double]) -> [Float] {
    let gains = gains[layer.output] ?? []
    guard gains.count == variances.count else { return variances.map { _ in 1 } }
    let powers = zip(gains.raised(by: Self.leastShare), variances.raised(by: Self.leastShare)).map { gain, variance in
      DeterministicMath.pow(gain, Self.gainPower) * DeterministicMath.pow(variance, Self.gainPower - 1)
    }
    let mean = powers.reduce(0, +) / Double(powers.count)
    return powers.map { Float(($0 / mean).squareRoot()) }
  }

  // MARK: From the outputs back

  private mutating func passBack(_ layer: Layer, _ graph: FloatGraph) {
    guard let output = gains[layer.output] else { return }
    if let weights = layer.weights, output.count == weights.channelCount {
      add(layer.passBack(output, channelCount: graph.channelCount(layer.inputs[0])), from: layer.output, to: layer.inputs[0], graph)
      if let residual = layer.residual { add(output, from: layer.output, to: residual, graph) }
    } else {
      for input in layer.inputs where graph.values[input].constant == nil { add(output, from: layer.output, to: input, graph) }
    }
  }

  /// - Parameter gain: for one position of `output`, by channels of `value`, or several for each where a Flatten has made its
  ///   positions channels.
  private mutating func add(_ gain: [Double], from output: Int, to value: Int, _ graph: FloatGraph) {
    let channelCount = graph.channelCount(value)
    guard channelCount > 0, !gain.isEmpty else { return }
    let positions = Double(graph.positionCount(output)) / Double(max(graph.positionCount(value), 1))
    let run = max(gain.count / channelCount, 1)
    let known = gains[value] ?? [Double](repeating: 0, count: channelCount)
    gains[value] = known.indices.map { channel in
      let first = min(channel * run, gain.count - 1)
      let part = gain[first..<min(first + run, gain.count)]
      return known[channel] + part.reduce(0, +) / Double(part.count) * positions
    }
  }
}

extension [Double] {
  /// Over their mean, and not below `least`; 1 for all where there is no mean.
  fileprivate func raised(by least: Double) -> [Double] {
    let mean = reduce(0, +) / Double(Swift.max(count, 1))
    return map { mean > 0 && mean.isFinite ? Swift.max($0 / mean, least) : 1 }
  }
}

extension Layer {
  /// For each input channel the sum of the squares of the weights that read it, times what their output channels count.
  fileprivate func passBack(_ output: [Double], channelCount: Int) -> [Double] {
    guard let weights else { return [] }
    var result = [Double](repeating: 0, count: channelCount)
    let taps = weights.depth / weights.shape[1]
    for channel in 0..<weights.channelCount {
      for (position, input) in inputChannels(of: channel).enumerated() where input < channelCount {
        let first = channel * weights.depth + position * taps
        result[input] += weights.values[first..<first + taps].reduce(0) { $0 + Double($1) * Double($1) } * output[channel]
      }
    }
    return result
  }
}

extension FloatGraph {
  fileprivate func channelCount(_ value: Int) -> Int {
    let shape = values[value].shape
    return shape.count >= 2 ? shape[1] : values[value].elementCount
  }

  fileprivate func positionCount(_ value: Int) -> Int { values[value].shape.dropFirst(2).reduce(1, *) }
}

import NNQFloat

/// Walks the net once, layer by layer, over all samples at the same time, so that each layer sees what pruning and rounding
/// made of its inputs, and brings the mean of each output channel (after pruning its variance too) back to the float net's.
///
/// Activations of every sample are held at the frontier of the walk, so the samples are a bounded subset (`sampleLimit`).
struct Refit: Sendable {
  let net: LayerGraph
  /// The float net's statistics of each layer's accumulator, on the same samples; by layer index.
  let moments: [ChannelMoments?]
  /// Nil for a float model: weights stay real.
  let plan: QuantizationPlan?
  let bits: @Sendable (Layer) -> Int
  let executor: FloatExecutor
  let threads: Int

  /// How many samples fit: the frontier holds at most half a GiB, and never more than 64 samples.
  static func sampleLimit(for net: LayerGraph) -> Int {
    let largest = net.layers.map { net.graph.values[$0.output].elementCount }.max() ?? 1
    return min(64, max(8, (1 << 29) / (largest * 3 * MemoryLayout<Float>.size)))
  }

  struct Result {
    /// The net with its weights and biases as they now are.
    var net: LayerGraph
    /// By layer index; empty for a float model.
    var weights: [Int: RefittedWeights] = [:]
  }

  /// - Parameter samples: one array for each input of the net and sample.
  func run(_ samples: [[[Float]]], progress: (Int) -> Void) throws(FloatGraphError) -> Result {
    var result = Result(net: net)
    var frontiers = samples.map { Frontier(inputs: zip(net.graph.inputs, $0)) }
    simulateInputs(&frontiers)
    let lastUses = net.lastUses()
    for (index, layer) in net.layers.enumerated() {
      if layer.weights == nil {
        try advance(&frontiers, layer)
      } else {
        try refit(index, &result, &frontiers)
      }
      for value in layer.inputs + [layer.residual].compactMap(\.self) where lastUses[value] == index {
        for sample in frontiers.indices { frontiers[sample].values[value] = nil }
      }
      progress(index + 1)
    }
    return result
  }

  private func simulateInputs(_ frontiers: inout [Frontier]) {
    guard let plan else { return }
    for sample in frontiers.indices {
      for value in net.graph.inputs {
        frontiers[sample].modify(value) { plan.grid(value).simulate(&$0) }
      }
    }
  }

  private func refit(_ index: Int, _ result: inout Result, _ frontiers: inout [Frontier]) throws(FloatGraphError) {
    let layer = net.layers[index]
    guard var weights = layer.weights, let target = moments[index] else { return }
    if weights.zeroCount > 0 {
      weights.matchVariance(moments(of: try accumulate(layer, weights.values, frontiers), layer), to: target)
    }
    if let plan {
      let quantized = WeightQuantizer(
        bits: bits(layer), input: plan.grid(layer.inputs[0]), output: plan.grid(layer.output), hasResidual: layer.residual != nil
      ).quantize(weights)
      weights.values = quantized.values
      result.weights[index] = RefittedWeights(shape: weights.shape, quantized: quantized, bias: weights.bias)
    }
    let accumulators = try accumulate(layer, weights.values, frontiers)
    let reached = moments(of: accumulators, layer)
    weights.bias = (0..<weights.channelCount).map { Float(target.mean($0) - reached.mean($0)) }
    result.weights[index]?.bias = weights.bias
    result.net.layers[index].weights = weights
    finish(&frontiers, layer, accumulators, bias: weights.bias)
  }

  // MARK: One layer over all samples

  /// The layer's accumulator without bias.
  private func accumulate(_ layer: Layer, _ values: [Float], _ frontiers: [Frontier]) throws(FloatGraphError) -> [[Float]] {
    try parallelMap(frontiers.count, threads: threads) { sample throws(FloatGraphError) in
      try evaluate(layer, frontiers[sample], weights: values)
    }
  }

  /// The layer's node on one sample, with other weights and no bias.
  private func evaluate(_ layer: Layer, _ frontier: Frontier, weights: [Float]? = nil) throws(FloatGraphError) -> [Float] {
    let values = net.graph.nodes[layer.node].inputs
    var operands = values.map { frontier.values[$0] ?? net.graph.values[$0].constant ?? [] }
    if let weights {
      operands[1] = weights
      if operands.count > 2 { operands[2] = [Float](repeating: 0, count: operands[2].count) }
    }
    return try executor.evaluate(node: layer.node, operands: operands)
  }

  private func moments(of accumulators: [[Float]], _ layer: Layer) -> ChannelMoments {
    var moments = ChannelMoments(channelCount: layer.weights?.channelCount ?? 0)
    for accumulator in accumulators {
      accumulator.withUnsafeBufferPointer { moments.add($0, isChannelsFirst: layer.hasChannelsFirst) }
    }
    return moments
  }

  private func finish(_ frontiers: inout [Frontier], _ layer: Layer, _ accumulators: [[Float]], bias: [Float]) {
    let known = frontiers
    let outputs = parallelMap(frontiers.count, threads: threads) { sample in
      var values = accumulators[sample]
      layer.add(bias, to: &values)
      if let residual = layer.residual.flatMap({ known[sample].values[$0] }) {
        for element in values.indices { values[element] += residual[element] }
      }
      return settled(values, layer)
    }
    for sample in frontiers.indices { frontiers[sample].values[layer.output] = outputs[sample] }
  }

  private func advance(_ frontiers: inout [Frontier], _ layer: Layer) throws(FloatGraphError) {
    let known = frontiers
    let outputs = try parallelMap(frontiers.count, threads: threads) { sample throws(FloatGraphError) in
      settled(try evaluate(layer, known[sample]), layer)
    }
    for sample in frontiers.indices { frontiers[sample].values[layer.output] = outputs[sample] }
  }

  /// Clamped, and on the output's grid.
  private func settled(_ values: [Float], _ layer: Layer) -> [Float] {
    var values = values
    if layer.clamp != -.infinity ... .infinity {
      for element in values.indices {
        values[element] = min(max(values[element], layer.clamp.lowerBound), layer.clamp.upperBound)
      }
    }
    plan?.grid(layer.output).simulate(&values)
    return values
  }
}

/// The values of one sample that later layers still read.
struct Frontier: Sendable {
  var values: [Int: [Float]]

  init(inputs: some Sequence<(Int, [Float])>) {
    values = Dictionary(uniqueKeysWithValues: inputs.map { ($0.0, $0.1) })
  }

  mutating func modify(_ value: Int, _ body: (inout [Float]) -> Void) {
    guard var elements = values.removeValue(forKey: value) else { return }
    body(&elements)
    values[value] = elements
  }
}

extension Layer {
  /// Whether channels are axis 1 (convolutions) and not the last axis (dense).
  var hasChannelsFirst: Bool { if case .conv = operation { true } else { false } }

  fileprivate func add(_ bias: [Float], to values: inout [Float]) {
    let extent = hasChannelsFirst ? values.count / bias.count : 1
    for element in values.indices { values[element] += bias[element / extent % bias.count] }
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
    }
  }
}

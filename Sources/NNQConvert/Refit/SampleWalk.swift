import NNQFloat

/// Runs a net layer by layer over several samples at the same time, so that a pass can change a layer's weights by what the
/// layers before it, already changed, give on every sample.
///
/// Activations of every sample are held at the frontier of the walk, so the samples are a bounded subset (`sampleLimit`).
struct SampleWalk {
  private let net: LayerGraph
  private let evaluator: LayerEvaluator
  private let threads: Int
  /// Puts an activation on the grid it will have; leaves it alone in a float net.
  private let settle: @Sendable (_ value: Int, _ elements: inout [Float]) -> Void
  private var frontiers: [Frontier]

  /// How many samples are held: 64, or as many as have room for three of the largest activations in half a GiB, but at least 8.
  static func sampleLimit(for net: LayerGraph) -> Int {
    let largest = net.layers.map { net.graph.values[$0.output].elementCount }.max() ?? 1
    return min(64, max(8, (1 << 29) / (largest * 3 * MemoryLayout<Float>.size)))
  }

  /// - Parameter samples: one array for each input of the net and sample.
  init(
    _ net: LayerGraph, _ executor: FloatExecutor, samples: [[[Float]]], threads: Int,
    settle: @escaping @Sendable (Int, inout [Float]) -> Void = { _, _ in }
  ) {
    self.net = net
    evaluator = LayerEvaluator(net, executor)
    self.threads = threads
    self.settle = settle
    frontiers = samples.map { Frontier(inputs: zip(net.graph.inputs, $0)) }
    for sample in frontiers.indices {
      for value in net.graph.inputs { frontiers[sample].modify(value) { settle(value, &$0) } }
    }
  }

  /// Visits the layers in order. `weighted` is asked to run each layer that has weights, by `accumulate` and `finish`.
  mutating func run(
    progress: (Int) -> Void, weighted: (inout SampleWalk, _ index: Int, Layer, LayerWeights) -> Void
  ) {
    let lastUses = net.lastUses()
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights {
        weighted(&self, index, layer, weights)
      } else {
        advance(layer)
      }
      for value in layer.inputs + [layer.residual].compactMap(\.self) where lastUses[value] == index {
        for sample in frontiers.indices { frontiers[sample].values[value] = nil }
      }
      progress(index + 1)
    }
  }

  // MARK: One layer over all samples

  /// The layer's accumulator for each sample, with these weights and no bias.
  func accumulate(_ layer: Layer, _ weights: [Float]) -> [[Float]] {
    parallelMap(frontiers.count, threads: threads) { [self] sample in
      evaluator.accumulate(layer, weights: weights) { frontiers[sample].values[$0] }
    }
  }

  /// Adds bias and residual to accumulators, clamps, and makes the result the layer's output.
  mutating func finish(_ layer: Layer, _ accumulators: [[Float]], bias: [Float]) {
    setOutputs(of: layer) { [evaluator, settle, frontiers] sample in
      var elements = evaluator.finish(layer, accumulators[sample], bias: bias) { frontiers[sample].values[$0] }
      settle(layer.output, &elements)
      return elements
    }
  }

  private mutating func advance(_ layer: Layer) {
    setOutputs(of: layer) { [evaluator, settle, frontiers] sample in
      var elements = evaluator.output(of: layer) { frontiers[sample].values[$0] }
      settle(layer.output, &elements)
      return elements
    }
  }

  private mutating func setOutputs(of layer: Layer, _ output: @Sendable (_ sample: Int) -> [Float]) {
    let outputs = parallelMap(frontiers.count, threads: threads, output)
    for sample in frontiers.indices { frontiers[sample].values[layer.output] = outputs[sample] }
  }
}

/// The values of one sample that later layers still read.
private struct Frontier: Sendable {
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

  /// Mean and variance of each output channel over the accumulators of several samples.
  func moments(of accumulators: [[Float]]) -> ChannelMoments {
    var moments = ChannelMoments(channelCount: weights?.channelCount ?? 0)
    for accumulator in accumulators {
      accumulator.withUnsafeBufferPointer { moments.add($0, isChannelsFirst: hasChannelsFirst) }
    }
    return moments
  }
}

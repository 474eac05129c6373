import NNQFloat

/// Runs a net layer by layer over several samples at the same time, so that a pass can change a layer's weights by what the
/// layers before it, already changed, give on every sample.
///
/// Activations of every sample are held at the frontier of the walk, so the samples are a bounded subset (`sampleLimit`).
struct SampleWalk: Sendable {
  let net: LayerGraph
  let evaluator: LayerEvaluator
  let threads: Int
  private let lastUses: [Int: Int]
  /// Puts an activation on the grid it will have; leaves it alone in a float net.
  private let settle: @Sendable (_ value: Int, _ elements: inout [Float]) -> Void
  private(set) var frontiers: [Frontier]
  /// The same values as the float net gives them; empty if nobody asked for them.
  private(set) var references: [Frontier]

  /// How many samples are held: 256, or as many as have room for four of the largest activations in 2 GiB, but at least 8.
  static func sampleLimit(for net: LayerGraph) -> Int {
    let largest = net.layers.map { net.graph.values[$0.output].elementCount }.max() ?? 1
    return min(256, max(8, (1 << 31) / (largest * 4 * MemoryLayout<Float>.size)))
  }

  /// - Parameter samples: one array for each input of the net and sample.
  init(
    _ net: LayerGraph, _ executor: FloatExecutor, samples: [[[Float]]], threads: Int, hasReferences: Bool = false,
    settle: @escaping @Sendable (Int, inout [Float]) -> Void = { _, _ in }
  ) {
    self.net = net
    evaluator = LayerEvaluator(net, executor)
    self.threads = threads
    self.settle = settle
    lastUses = net.lastUses()
    frontiers = samples.map { Frontier(inputs: zip(net.graph.inputs, $0)) }
    references = hasReferences ? frontiers : []
    for sample in frontiers.indices {
      for value in net.graph.inputs { frontiers[sample].modify(value) { settle(value, &$0) } }
    }
  }

  /// Visits the layers in order. `weighted` is asked to run each layer that has weights, by `accumulate` and `finish`.
  mutating func run(
    progress: (Int) -> Void, weighted: (inout SampleWalk, _ index: Int, Layer, LayerWeights) -> Void
  ) {
    for index in net.layers.indices {
      step(index, weighted: weighted)
      progress(index + 1)
    }
  }

  /// Takes the frontier past a layer, the next in order.
  mutating func step(_ index: Int, weighted: (inout SampleWalk, _ index: Int, Layer, LayerWeights) -> Void = runAsItIs) {
    let layer = net.layers[index]
    if let weights = layer.weights { weighted(&self, index, layer, weights) } else { advance(layer) }
    let outputs = parallelMap(references.count, threads: threads) { [evaluator, references] sample in
      evaluator.output(of: layer) { references[sample].values[$0] }
    }
    for sample in references.indices { references[sample].values[layer.output] = outputs[sample] }
    for value in layer.inputs + [layer.residual].compactMap(\.self) where lastUses[value] == index {
      for sample in frontiers.indices { frontiers[sample].values[value] = nil }
      for sample in references.indices { references[sample].values[value] = nil }
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
    setOutputs(of: layer) { [evaluator, frontiers] sample in
      evaluator.finish(layer, accumulators[sample], bias: bias) { frontiers[sample].values[$0] }
    }
  }

  static let runAsItIs: @Sendable (inout SampleWalk, Int, Layer, LayerWeights) -> Void = { walk, _, layer, _ in walk.advance(layer) }

  private mutating func advance(_ layer: Layer) {
    setOutputs(of: layer) { [evaluator, frontiers] sample in evaluator.output(of: layer) { frontiers[sample].values[$0] } }
  }

  private mutating func setOutputs(of layer: Layer, _ output: @Sendable (_ sample: Int) -> [Float]) {
    let outputs = parallelMap(frontiers.count, threads: threads) { [settle] sample in
      var elements = output(sample)
      settle(layer.output, &elements)
      return elements
    }
    for sample in frontiers.indices { frontiers[sample].values[layer.output] = outputs[sample] }
  }
}

/// The values of one sample that later layers still read.
struct Frontier: Sendable {
  var values: [Int: [Float]]

  init(inputs: some Sequence<(Int, [Float])>) {
    values = Dictionary(uniqueKeysWithValues: inputs.map { ($0.0, $0.1) })
  }

  fileprivate mutating func modify(_ value: Int, _ body: (inout [Float]) -> Void) {
    guard var elements = values.removeValue(forKey: value) else { return }
    body(&elements)
    values[value] = elements
  }
}

extension Layer {
  /// Groups of output channels, each with inputs of its own.
  var groupCount: Int { if case .conv(let conv) = operation { conv.groups } else { 1 } }

  /// Whether channels are axis 1 (convolutions) and not the last axis (dense).
  var hasChannelsFirst: Bool { if case .conv = operation { true } else { false } }
}

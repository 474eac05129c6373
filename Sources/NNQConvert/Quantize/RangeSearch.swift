import NNQFloat

/// Finds how the ranges of a net are best taken from histograms, by what rounding does to the net's outputs.
///
/// Whether rare large values matter differs from net to net: a detector's are what it finds, a classifier's are noise that
/// costs all other values their steps. The net runs in float, but operators that know only 8 bits read theirs rounded; what
/// could hold 16 bits will, where it matters (`WidthSearch`).
struct RangeSearch {
  private let net: LayerGraph
  private let evaluator: LayerEvaluator
  private let threads: Int
  private let reads: Set<NarrowReads.Read>
  private let lastUses: [Int: Int]
  private let outputNoise: OutputNoise

  /// Large values are rare: in fewer samples there may be none.
  static let sampleCount = 16
  /// The first one is best for most nets.
  static let calibrators: [Calibrator] = [.mse, .percentile, .minmax]
  /// What a later one must leave of the noise of the best before it, half a decibel: less may come from the choice of samples.
  private static let convincingShare = 0.89

  init(net: LayerGraph, evaluator: LayerEvaluator, outputNoise: OutputNoise, threads: Int) {
    (self.net, self.evaluator, self.threads) = (net, evaluator, threads)
    reads = NarrowReads(net).fixed
    lastUses = net.lastUses()
    self.outputNoise = outputNoise
  }

  /// Which plan adds the least noise, the first of several that are alike.
  ///
  /// - Parameter samples: one array for each input of the net.
  func best(_ plans: [QuantizationPlan], _ samples: [[[Float]]]) -> Int {
    let exact = parallelMap(samples.count, threads: threads) { outputs(nil, samples[$0]) }
    let noise = plans.map { self.noise(of: $0, samples, exact: exact) }
    return noise.indices.reduce(0) { noise[$1] < Self.convincingShare * noise[$0] ? $1 : $0 }
  }

  /// The relative power of the noise that a plan's grids add to the outputs.
  func noise(of plan: QuantizationPlan, _ samples: [[[Float]]]) -> Double {
    noise(of: plan, samples, exact: parallelMap(samples.count, threads: threads) { outputs(nil, samples[$0]) })
  }

  private func noise(of plan: QuantizationPlan, _ samples: [[[Float]]], exact: [[[Float]]]) -> Double {
    outputNoise.relativePower(exact: exact, rounded: parallelMap(samples.count, threads: threads) { outputs(plan, samples[$0]) })
  }

  /// The parts of the outputs.
  private func outputs(_ plan: QuantizationPlan?, _ sample: [[Float]]) -> [[Float]] {
    let parts = Set(outputNoise.parts.map(\.value))
    var values = Dictionary(uniqueKeysWithValues: zip(net.graph.inputs, sample))
    for (index, layer) in net.layers.enumerated() {
      values[layer.output] = evaluator.output(of: layer) { value in
        guard let plan, reads.contains(NarrowReads.Read(layer: index, value: value)), var elements = values[value] else {
          return values[value]
        }
        plan.grid(value).simulate(&elements)
        return elements
      }
      for value in layer.operands where lastUses[value] == index && !parts.contains(value) { values[value] = nil }
    }
    return outputNoise.parts.map { values[$0.value] ?? [] }
  }
}

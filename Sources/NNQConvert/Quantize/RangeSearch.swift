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

  /// Large values are rare: in fewer samples there may be none.
  static let sampleCount = 16
  /// The first one is best for most nets.
  static let calibrators: [Calibrator] = [.mse, .percentile, .minmax]
  /// What a later one must leave of the noise of the best before it, half a decibel: less may come from the choice of samples.
  private static let convincingShare = 0.89

  init(net: LayerGraph, evaluator: LayerEvaluator, threads: Int) {
    (self.net, self.evaluator, self.threads) = (net, evaluator, threads)
    reads = NarrowReads(net).fixed
    lastUses = net.lastUses()
  }

  /// Power of what rounding adds to an output, and that of the output.
  private struct Power {
    var noise = 0.0
    var signal = 0.0
  }

  /// Which plan adds the least noise, the first of several that are alike.
  func best(_ plans: [QuantizationPlan], _ samples: [[[Float]]]) -> Int {
    let noise = noise(of: plans, samples)
    return noise.indices.reduce(0) { noise[$1] < Self.convincingShare * noise[$0] ? $1 : $0 }
  }

  /// For each plan the relative power of the noise that its grids add to the outputs, summed over the outputs.
  ///
  /// - Parameter samples: one array for each input of the net.
  private func noise(of plans: [QuantizationPlan], _ samples: [[[Float]]]) -> [Double] {
    let measured = parallelMap(samples.count, threads: threads) { powers(plans, samples[$0]) }
    return plans.indices.map { plan in
      net.graph.outputs.indices.reduce(0) { sum, output in
        let (noise, signal) = measured.reduce((0, 0)) { ($0.0 + $1[plan][output].noise, $0.1 + $1[plan][output].signal) }
        // Also false for NaN.
        return signal > 0 ? sum + (noise < signal ? noise / signal : 1) : sum
      }
    }
  }

  /// By plan and output.
  private func powers(_ plans: [QuantizationPlan], _ sample: [[Float]]) -> [[Power]] {
    let exact = outputs(nil, sample)
    return plans.map { plan in
      zip(exact, outputs(plan, sample)).map { exact, rounded in
        zip(exact, rounded).reduce(into: Power()) { power, pair in
          let (expected, got) = (Double(pair.0), Double(pair.1))
          power.signal += expected * expected
          power.noise += (expected - got) * (expected - got)
        }
      }
    }
  }

  private func outputs(_ plan: QuantizationPlan?, _ sample: [[Float]]) -> [[Float]] {
    var values = Dictionary(uniqueKeysWithValues: zip(net.graph.inputs, sample))
    for (index, layer) in net.layers.enumerated() {
      values[layer.output] = evaluator.output(of: layer) { value in
        guard let plan, reads.contains(NarrowReads.Read(layer: index, value: value)), var elements = values[value] else {
          return values[value]
        }
        plan.grid(value).simulate(&elements)
        return elements
      }
      for value in layer.operands where lastUses[value] == index { values[value] = nil }
    }
    return net.graph.outputs.map { values[$0] ?? [] }
  }
}

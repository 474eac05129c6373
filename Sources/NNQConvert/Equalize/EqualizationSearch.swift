import NNQFloat
import NNQRuntime

/// Chooses how far the channels of a net are brought closer to each other, by samples that the factors do not come from.
///
/// A channel that is divided by what some samples showed has no room for more. That is what makes the noise of small channels
/// small, and what cuts off a channel that waits for something rare, as a detector's do. Which counts more differs from net
/// to net, and shows on other samples.
struct EqualizationSearch {
  let net: LayerGraph
  /// Instruction set to work with: the best of this CPU if nil.
  let isa: ISA?
  /// Of `ScalableGroups`.
  let groups: [[Int]]
  let threads: Int

  /// Enough for the extremes of channels.
  static let sampleCount = 16
  /// Others that the outcome is measured on.
  static let measuredCount = 8
  /// Of `ChannelScales`; nil: no factors. The first is best for most nets.
  static let headrooms: [Double?] = [1, 4, nil]
  /// Where there is nothing to measure on.
  static let cautiousHeadroom = 4.0
  /// What a later one must leave of the noise of the best before it, a decibel: less may come from the choice of samples.
  private static let convincingShare = 0.8

  /// The net with its channels divided.
  ///
  /// - Parameter samples: at most `sampleCount`.
  func best(_ samples: HeldSamples) throws -> LayerGraph {
    let headroom = try bestHeadroom(samples)
    return try divided(statistics(net, samples), headroom: headroom)
  }

  private func bestHeadroom(_ samples: HeldSamples) throws -> Double? {
    guard samples.count >= 4 else { return Self.cautiousHeadroom }
    let split = samples.split(.halves, measuredLimit: Self.measuredCount)
    let (fitted, measured) = (split.fitted, try split.measured.arrays())
    let statistics = try statistics(net, fitted)
    let noises = try Self.headrooms.map { try noise(of: divided(statistics, headroom: $0), fitted, measured) }
    return Self.headrooms[noises.indices.reduce(0) { noises[$1] < Self.convincingShare * noises[$0] ? $1 : $0 }]
  }

  private func statistics(_ net: LayerGraph, _ samples: HeldSamples) throws -> ChannelStatistics {
    try ChannelStatistics(net, FloatExecutor(net.graph, kernels: isa), samples: samples, threads: threads)
  }

  private func divided(_ statistics: ChannelStatistics, headroom: Double?) -> LayerGraph {
    guard let headroom else { return net }
    let factors = ChannelScales(net, statistics, headroom: headroom).factors(of: groups)
    return factors.isEmpty ? net : net.dividing(by: factors)
  }

  /// What rounding to grids that hold what some samples show adds to the outputs for others.
  private func noise(of net: LayerGraph, _ fitted: HeldSamples, _ measured: [[[Float]]]) throws -> Double {
    var ranges = [ClosedRange<Double>?](repeating: nil, count: net.graph.values.count)
    for (value, channels) in try statistics(net, fitted).channels {
      ranges[value] = channels.reduce(0...0) { min($0.lowerBound, $1.low)...max($0.upperBound, $1.high) }
    }
    let plan = QuantizationPlan(net, ranges: try net.withoutSaturatedEnds(ranges), bits: WeightBits())
    let outputNoise = OutputNoise(net, seesLogits: true)
    let evaluator = LayerEvaluator(net, try FloatExecutor(net.graph, kernels: isa))
    let search = RangeSearch(net: net, evaluator: evaluator, outputNoise: outputNoise, threads: threads)
    return search.noise(of: plan, measured)
  }
}

import NNQFloat

/// What one streaming pass over the samples leaves of the float net: a histogram of each value that gets a grid, and the
/// moments of each accumulator over the samples that the refit will see. Its size does not depend on the number of samples.
struct CalibrationStatistics: Sendable {
  /// By value index.
  private(set) var histograms: [Int: Histogram] = [:]
  /// By layer index.
  private(set) var moments: [ChannelMoments?]

  private init(layerCount: Int) { moments = [ChannelMoments?](repeating: nil, count: layerCount) }

  /// - Parameters:
  ///   - momentSamples: indices of the samples whose moments are wanted.
  ///   - progress: called with the number of samples done.
  static func collect(
    _ net: LayerGraph, _ executor: FloatExecutor, samples: any CalibrationSamples, momentSamples: Set<Int>, threads: Int,
    progress: (Int) -> Void
  ) throws -> CalibrationStatistics {
    let observation = Observation(net)
    var statistics = CalibrationStatistics(layerCount: net.layers.count)
    try samples.forEach(of: net.graph, threads: threads) { index, inputs in
      var part = CalibrationStatistics(layerCount: net.layers.count)
      _ = try executor.run(inputs: inputs) { value, _, elements in
        part.observe(value, elements, observation, withMoments: momentSamples.contains(index))
      }
      return part
    } deliver: { index, part in
      statistics.merge(part)
      progress(index + 1)
    }
    return statistics
  }

  private mutating func observe(
    _ value: Int, _ elements: UnsafeBufferPointer<Float>, _ observation: Observation, withMoments: Bool
  ) {
    if observation.gridValues.contains(value) { histograms[value, default: Histogram()].add(elements) }
    guard withMoments, let layer = observation.accumulators[value] else { return }
    var moments = ChannelMoments(channelCount: layer.channelCount)
    moments.add(elements, isChannelsFirst: layer.isChannelsFirst)
    self.moments[layer.index] = moments
  }

  private mutating func merge(_ other: CalibrationStatistics) {
    for (value, histogram) in other.histograms { histograms[value, default: Histogram()].merge(histogram) }
    for (index, part) in other.moments.enumerated() {
      guard let part else { continue }
      moments[index]?.merge(part)
      if moments[index] == nil { moments[index] = part }
    }
  }
}

/// Which values of the float net are observed, and why.
private struct Observation {
  struct Accumulator {
    var index: Int
    var channelCount: Int
    var isChannelsFirst: Bool
  }

  let gridValues: Set<Int>
  /// By value index.
  let accumulators: [Int: Accumulator]

  init(_ net: LayerGraph) {
    // A residual that turns out to need 16 bits is added by a layer of its own: its summands then have grids.
    gridValues = Set(net.gridValues + net.layers.filter { $0.residual != nil }.map(\.accumulator))
    var accumulators: [Int: Accumulator] = [:]
    for (index, layer) in net.layers.enumerated() {
      guard let weights = layer.weights else { continue }
      accumulators[layer.accumulator] = Accumulator(
        index: index, channelCount: weights.channelCount, isChannelsFirst: layer.hasChannelsFirst)
    }
    self.accumulators = accumulators
  }
}

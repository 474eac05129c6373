import NNQFloat

/// What one streaming pass over the samples leaves of the float net: a histogram of each value that gets a grid. Its size
/// does not depend on the number of samples.
struct CalibrationStatistics: Sendable {
  /// By value index.
  private(set) var histograms: [Int: Histogram] = [:]

  /// - Parameter progress: called with the number of samples done.
  static func collect(
    _ net: LayerGraph, _ executor: FloatExecutor, samples: any CalibrationSamples, threads: Int, progress: (Int) -> Void
  ) throws -> CalibrationStatistics {
    // A residual that turns out to need 16 bits is added by a layer of its own: its summands then have grids.
    let observed = Set(net.gridValues + net.layers.filter { $0.residual != nil }.map(\.accumulator))
    var statistics = CalibrationStatistics()
    try samples.forEach(of: net.graph, threads: threads) { _, inputs in
      var histograms: [Int: Histogram] = [:]
      _ = try executor.run(inputs: inputs) { value, _, elements in
        if observed.contains(value) { histograms[value, default: Histogram()].add(elements) }
      }
      return histograms
    } deliver: { index, histograms in
      for (value, histogram) in histograms { statistics.histograms[value, default: Histogram()].merge(histogram) }
      progress(index + 1)
    }
    return statistics
  }
}

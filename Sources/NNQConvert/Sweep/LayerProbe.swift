import NNQFloat

/// Measures what changes of single layers' weights do to the output of the float net.
struct LayerProbe {
  let net: LayerGraph
  let executor: FloatExecutor
  /// The layers that are changed, by index.
  let layers: [Int]
  /// By layer index, of these layers at least.
  let groups: [Int: WeightGroups]
  let threads: Int

  /// Samples that measure, at most.
  private static let measuredLimit = 16

  /// For a layer the weights to be tried, which may be fitted to what the sweep has seen.
  typealias Candidates = (Layer, LayerWeights, LayerSweep) -> [LayerWeights]

  /// - Parameters:
  ///   - samples: some are for the candidates to be fitted to, others measure.
  ///   - progress: called with the number of layers behind.
  /// - Returns: for each of `layers` in the net's order, the error of the outputs with each candidate.
  func errors(
    _ samples: HeldSamples, progress: (Int) -> Void, candidates: Candidates
  ) throws(ConvertError) -> [(layer: Int, errors: [Double])] {
    let split = samples.split(.thirds, measuredLimit: Self.measuredLimit)
    var fitted = try SampleWalk(net, executor, samples: split.fitted, threads: threads)
    var measured = try SampleWalk(net, executor, samples: split.measured, threads: threads)
    let outputs = try measured.outputs(from: 0, changing: nil)
    let importance = ChannelImportance(net)
    var result: [(layer: Int, errors: [Double])] = []
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights, let groups = groups[index], layers.contains(index) {
        let sweep = try LayerSweep(layer, weights, fitted, groups: groups, importance: importance)
        let errors = try candidates(layer, weights, sweep).map { candidate throws(ConvertError) in
          outputs.relativeError(of: try measured.outputs(from: index, changing: candidate))
        }
        result.append((index, errors))
      }
      try fitted.step(index)
      try measured.step(index)
      progress(index + 1)
    }
    return result
  }
}

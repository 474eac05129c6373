import NNQFloat

/// Measures what pruning single layers does to the output of the float net.
struct PruningProbe {
  let net: LayerGraph
  /// Layers that may lose weights.
  let layers: [Int]
  /// By layer index, of these layers at least.
  let groups: [Int: WeightGroups]

  /// Steps in which the weights of one share go: half the error of one.
  private static let steps = 2

  /// - Parameters:
  ///   - fitted: a walk of the float net over samples that the pruned weights are fitted to.
  ///   - measured: over others, on which the effect is measured.
  /// - Returns: for each of `layers`.
  func costs(fitted: SampleWalk, measured: SampleWalk, progress: (Int) -> Void) throws(ConvertError) -> [PruningCosts] {
    var (fitted, measured) = (fitted, measured)
    let outputs = try measured.outputs(from: 0, changing: nil)
    let importance = ChannelImportance(net)
    var costs: [PruningCosts] = []
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights, let groups = groups[index], layers.contains(index) {
        let counts = PruningCosts.shares.map { Int($0 * Double(weights.values.count)) }
        let sweep = try LayerSweep(layer, weights, fitted, groups: groups, importance: importance)
        let candidates = sweep.unfitted(removing: counts, steps: Self.steps)
        let errors = try candidates.map { candidate throws(ConvertError) in
          zip(outputs, try measured.outputs(from: index, changing: candidate)).reduce(0) { $0 + relativeError($1.0, $1.1) }
        }
        costs.append(PruningCosts(weightCount: weights.values.count, errors: errors, leastShare: groups.leastShare))
      }
      try fitted.step(index)
      try measured.step(index)
      progress(index + 1)
    }
    return costs
  }

  /// Squared error of the outputs over their variance.
  private func relativeError(_ outputs: [[Float]], _ changed: [[Float]]) -> Double {
    zip(outputs, changed).reduce(0) { $0 + $1.0.relativeError(of: $1.1) }
  }
}

extension SampleWalk {
  /// What the net gives on each sample from the frontier, which stands before layer `first`, if that layer has these weights.
  fileprivate func outputs(from first: Int, changing weights: LayerWeights?) throws(ConvertError) -> [[[Float]]] {
    try parallelMap(sampleCount, threads: threads) { sample throws(ConvertError) in
      var values = try held(sample)
      for (index, layer) in net.layers.enumerated().dropFirst(first) {
        var layer = layer
        if let weights, index == first { layer.weights = weights }
        values[layer.output] = evaluator.output(of: layer) { values[$0] }
      }
      return net.measuredValues.map { values[$0] ?? [] }
    }
  }
}

extension LayerGraph {
  /// The net's outputs; where softmax gives one, what it reads.
  fileprivate var measuredValues: [Int] {
    graph.outputs.map { output in
      guard let last = layers.first(where: { $0.output == output }), case .softmax = last.operation else { return output }
      return last.inputs[0]
    }
  }
}

extension [Float] {
  /// Squared error of `other` over the variance of self; over the mean square where there is one element.
  fileprivate func relativeError(of other: [Float]) -> Double {
    var (sum, square, error) = (0.0, 0.0, 0.0)
    for (a, b) in zip(self, other) {
      sum += Double(a)
      square += Double(a) * Double(a)
      error += (Double(a) - Double(b)) * (Double(a) - Double(b))
    }
    let variance = square - sum * sum / Double(Swift.max(count, 1))
    return error / Swift.max(count > 1 ? variance : square, 1e-30)
  }
}

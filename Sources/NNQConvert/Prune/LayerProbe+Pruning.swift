import NNQFloat

extension LayerProbe {
  /// Steps in which the weights of one share go: half the error of one.
  private static let pruningSteps = 2

  /// What the loss of weights costs, for each of the layers.
  func pruningCosts(_ samples: HeldSamples, progress: (Int) -> Void) throws(ConvertError) -> [PruningCosts] {
    let measured = try errors(samples, progress: progress) { _, weights, sweep in
      sweep.unfitted(removing: PruningCosts.shares.map { Int($0 * Double(weights.values.count)) }, steps: Self.pruningSteps)
    }
    return measured.map { layer, errors in
      PruningCosts(
        weightCount: net.layers[layer].weights?.values.count ?? 0, errors: errors, leastShare: groups[layer]?.leastShare ?? 0)
    }
  }
}

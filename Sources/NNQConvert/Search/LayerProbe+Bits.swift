import NNQFloat

extension LayerProbe {
  /// What rounding to fewer bits costs, for each of the layers.
  ///
  /// - Parameter plan: of all values, for 8 bits.
  func bitCosts(_ samples: HeldSamples, _ plan: QuantizationPlan, progress: (Int) -> Void) throws(ConvertError) -> [BitCosts] {
    let measured = try errors(samples, progress: progress) { layer, weights, sweep in
      BitCosts.choices.map { sweep.round(weights, plan.quantizer(of: layer, bits: $0)).real }
    }
    return measured.map { layer, errors in
      let weights = net.layers[layer].weights
      return BitCosts(
        layer: net.layers[layer].name, weightCount: (weights?.values.count ?? 0) - (weights?.zeroCount ?? 0), errors: errors)
    }
  }
}

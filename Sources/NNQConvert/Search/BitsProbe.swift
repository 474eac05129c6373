import NNQFloat

/// Measures what rounding single layers to fewer bits does to the output of the float net.
struct BitsProbe {
  let net: LayerGraph
  /// Of all values, for 8 bits.
  let plan: QuantizationPlan
  /// Layers whose bits are open, by index.
  let layers: [Int]
  /// By layer index, of these layers at least.
  let groups: [Int: WeightGroups]

  /// - Parameters:
  ///   - fitted: a walk of the float net over samples that rounding makes up for.
  ///   - measured: over others, on which the effect is measured.
  func costs(fitted: SampleWalk, measured: SampleWalk, progress: (Int) -> Void) throws(ConvertError) -> [BitCosts] {
    var (fitted, measured) = (fitted, measured)
    let outputs = try measured.outputs(from: 0, changing: nil)
    let importance = ChannelImportance(net)
    var costs: [BitCosts] = []
    for (index, layer) in net.layers.enumerated() {
      if let weights = layer.weights, let groups = groups[index], layers.contains(index) {
        let sweep = try LayerSweep(layer, weights, fitted, groups: groups, importance: importance)
        let errors = try BitCosts.choices.map { bits throws(ConvertError) in
          let rounded = try measured.outputs(from: index, changing: sweep.rounded(weights, quantizer(layer, bits: bits)))
          return outputs.relativeError(of: rounded)
        }
        costs.append(BitCosts(layer: layer.name, weightCount: weights.values.count - weights.zeroCount, errors: errors))
      }
      try fitted.step(index)
      try measured.step(index)
      progress(index + 1)
    }
    return costs
  }

  private func quantizer(_ layer: Layer, bits: Int) -> WeightQuantizer {
    WeightQuantizer(
      bits: bits, input: plan.grid(layer.inputs[0]), output: plan.grid(layer.output), hasResidual: layer.residual != nil)
  }
}

extension LayerSweep {
  /// The weights that rounding leaves, in real numbers.
  fileprivate func rounded(_ weights: LayerWeights, _ quantizer: WeightQuantizer) -> LayerWeights {
    let rounded = round(weights, quantizer)
    var result = weights
    (result.values, result.bias) = (rounded.quantized.values, rounded.bias)
    return result
  }
}

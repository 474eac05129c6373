import NNQFloat

/// Rounds the weights of every layer and corrects its bias by what rounding does to the mean of each output channel, on the
/// activations the quantised layers before it really give.
///
/// Only the error of the weights is corrected. Matching the float net's mean outright, as the refit after pruning does, also
/// makes up for clipped outliers, and so moves every element for the sake of a few: on MobileNetV2 (percentile ranges, 50
/// calibration images) the SQNR of the logits was 11.2 dB with it, 18.2 dB with no correction, 19.3 dB with this one.
struct WeightRounding {
  let net: LayerGraph
  let plan: QuantizationPlan
  let bits: (Layer) -> Int

  /// By layer index, of the layers that have weights.
  ///
  /// - Parameter walk: over activations on the plan's grids.
  func run(_ walk: SampleWalk, progress: (Int) -> Void) -> [Int: RoundedWeights] {
    var (walk, result) = (walk, [Int: RoundedWeights]())
    walk.run(progress: progress) { (walk, index, layer, weights) in
      let quantized = WeightQuantizer(
        bits: bits(layer), input: plan.grid(layer.inputs[0]), output: plan.grid(layer.output), hasResidual: layer.residual != nil
      ).quantize(weights)
      let exact = layer.moments(of: walk.accumulate(layer, weights.values))
      let accumulators = walk.accumulate(layer, quantized.values)
      let rounded = layer.moments(of: accumulators)
      let bias = weights.bias.indices.map { weights.bias[$0] + Float(exact.mean($0) - rounded.mean($0)) }
      walk.finish(layer, accumulators, bias: bias)
      result[index] = RoundedWeights(shape: weights.shape, quantized: quantized, bias: bias)
    }
    return result
  }
}

import NNQFloat

/// Prunes and rounds a net layer by layer: each layer, seeing what the layers before it have become, is brought as close to
/// the float net's outputs as its remaining weights and their grids allow.
struct NetSweep {
  let net: LayerGraph
  /// nil for a float model.
  let plan: (grids: QuantizationPlan, bits: WeightBits)?
  /// By layer index.
  let removals: [Int: Removal]
  /// By layer index, of the layers that have weights.
  let groups: [Int: WeightGroups]

  struct Outcome {
    /// By layer index, as pruning leaves them.
    var weights: [Int: LayerWeights] = [:]
    /// By layer index; none in a float model.
    var rounded: [Int: RoundedWeights] = [:]
    /// The first layer whose sums single precision cannot hold.
    var overflowing: Int?
  }

  /// - Parameter walk: over activations on the plan's grids, with references if weights are removed.
  func run(_ walk: SampleWalk, progress: (Int) -> Void) throws(ConvertError) -> Outcome {
    var (walk, result) = (walk, Outcome())
    let importance = ChannelImportance(net)
    try walk.run(progress: progress) { (walk, index, layer, weights) throws(ConvertError) in
      let removal = removals[index] ?? .count(0)
      var swept = weights
      if let groups = groups[index], plan != nil || !removal.isEmpty {
        var sweep = try LayerSweep(layer, weights, walk, groups: groups, importance: importance)
        swept = try sweep.prune(removal)
        result.weights[index] = swept
        if let quantizer = plan.map({ $0.grids.quantizer(of: layer, bits: $0.bits[layer]) }) {
          let rounded = sweep.round(swept, quantizer)
          result.rounded[index] = rounded
          swept = rounded.real
        }
      }
      if try !walk.advance(layer, swept), result.overflowing == nil { result.overflowing = index }
    }
    return result
  }
}

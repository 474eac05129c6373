import NNQFloat

extension ConversionPlan {
  /// That of most layers, where the plan has one for each; it is the plan of a conversion then, and was chosen for all.
  func calibrator(of net: LayerGraph) -> Calibrator? {
    let planned = net.layers.filter { !$0.movesValues }.map { layer(named: $0.name)?.calibrator }
    guard !planned.contains(nil) else { return nil }
    return Calibrator.allCases.max { a, b in planned.count { $0 == a } < planned.count { $0 == b } }
  }
}

/// What a conversion has done, in the form that does it again.
extension ConversionPlan {
  /// - Parameters:
  ///   - net: before pruning.
  ///   - pruned: after it; may have more layers.
  ///   - plan: with the calibrator and bits; nil for a float model, which has shares alone.
  init(
    _ net: LayerGraph, pruned: LayerGraph, plan: (grids: QuantizationPlan, calibrator: Calibrator, bits: WeightBits)?,
    options: ConvertOptions
  ) {
    let left = Dictionary(pruned.layers.map { ($0.name, $0.weights) }) { first, _ in first }
    layers = net.layers.filter { !$0.movesValues }.map { layer in
      var entry = LayerPlan(name: layer.name)
      if let before = layer.weights, let after = left[layer.name] ?? nil {
        // Zeros that the net had are no choice.
        entry.share = after.zeroCount > before.zeroCount ? Double(after.zeroCount) / Double(after.values.count) : 0
        entry.isExcluded = options.isExcluded(layer: layer.name)
        entry.bits = plan?.bits[layer]
      }
      if let plan {
        entry.calibrator = options.calibrator(ofLayer: layer.name, chosen: plan.calibrator)
        entry.output = plan.grids.grid(layer.output).elementType == .s16 ? .s16 : .u8
      }
      return entry
    }
  }
}

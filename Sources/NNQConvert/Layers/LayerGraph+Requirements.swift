import NNQFloat

/// What integer arithmetic, and the rounding to it, rely on. A net that fails is refused by the name of the layer.
extension LayerGraph {
  /// A tensor has at most 8 axes, of which the batch is one.
  var rankRefusals: [ConvertError] {
    gridValues.compactMap { value in
      let shape = graph.values[value].shape
      guard shape.count + (shape.first == 1 ? 0 : 1) > 8 else { return nil }
      return ConvertError(
        .unsupported, at: graph.values[value].name, "it has shape \(shape), a tensor holds the batch and 7 axes",
        remedy: "export the net without it, or keep it float (32 bits)")
    }
  }

  /// Weights and biases that a pass has computed from sums over samples.
  func requireFiniteWeights() throws(ConvertError) {
    for layer in layers {
      guard let weights = layer.weights else { continue }
      try layer.requireFinite(weights.values)
      try layer.requireFinite(weights.bias)
    }
  }

  func requireFiniteGrids(_ plan: QuantizationPlan) throws(ConvertError) {
    for value in gridValues where !plan.grid(value).scale.isFinite { throw .overflow(at: graph.values[value].name) }
  }

  /// - Parameter weights: by layer index.
  func requireFiniteBiases(_ weights: [Int: RoundedWeights]) throws(ConvertError) {
    for (index, layer) in layers.enumerated() { try layer.requireFinite(weights[index]?.bias ?? []) }
  }
}

extension Layer {
  fileprivate func requireFinite(_ numbers: [Float]) throws(ConvertError) {
    guard numbers.allSatisfy(\.isFinite) else { throw .overflow(at: name) }
  }
}

extension ConvertError {
  static func overflow(at layer: String) -> ConvertError {
    ConvertError(.unsupported, at: layer, "its sums overflow single precision", remedy: "train or export the net with smaller weights")
  }
}

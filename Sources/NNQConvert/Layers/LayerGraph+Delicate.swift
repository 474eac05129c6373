/// Layers that lose much by what removes few bytes.
extension LayerGraph {
  /// Depthwise, grouped and first layers, by index: an output of theirs sums few products, so that errors do not average out,
  /// and what they lose no layer before them can make up for.
  var delicateLayers: Set<Int> {
    let raw = rawValues
    return Set(
      layers.indices.filter { index in
        layers[index].weights != nil && (layers[index].isDepthwiseOrGrouped || !raw.isDisjoint(with: layers[index].inputs))
      })
  }

  /// The inputs of the net and what layers without weights make of them.
  private var rawValues: Set<Int> {
    layers.reduce(into: Set(graph.inputs)) { raw, layer in
      if layer.weights == nil && !raw.isDisjoint(with: layer.inputs) { raw.insert(layer.output) }
    }
  }
}

import NNQFloat

extension LayerGraph {
  /// Puts the layers' weights and biases back into the float graph's constants; the old ones stay, unused, so that no index
  /// of a value changes.
  mutating func writeWeightsToGraph() {
    for layer in layers {
      guard let weights = layer.weights, let node = layer.node else { continue }
      let inputs = graph.nodes[node].inputs
      graph.nodes[node].inputs = [
        inputs[0], adopt(graph.values[inputs[1]].name, weights.shape, weights.values),
        adopt(layer.name + ".bias", [weights.channelCount], weights.bias),
      ]
    }
  }

  private mutating func adopt(_ name: String, _ shape: [Int], _ elements: [Float]) -> Int {
    graph.values.append(FloatValue(name: name, shape: shape, constant: elements))
    return graph.values.count - 1
  }
}

import NNQFloat

/// What a layer of a model adds itself: measured in float, on the float net's own activations, with one thing of the model at
/// a time - its weights, its grids.
struct OwnNoise: Sendable {
  let alignment: ModelAlignment
  private let executor: FloatExecutor
  private let evaluator: LayerEvaluator

  init(_ alignment: ModelAlignment, _ executor: FloatExecutor) {
    self.alignment = alignment
    self.executor = executor
    evaluator = LayerEvaluator(alignment.net, executor)
  }

  /// What the float net gives, by value index.
  func values(_ inputs: [[Float]]) throws(FloatGraphError) -> [Int: [Float]] {
    var values: [Int: [Float]] = [:]
    _ = try executor.run(inputs: inputs) { values[$0] = Array($2) }
    // Changes of width are layers of the model alone.
    for layer in alignment.net.layers where values[layer.output] == nil {
      values[layer.output] = evaluator.output(of: layer) { values[$0] }
    }
    return values
  }

  /// Nothing for layers that only move values. `total` is left at 0.
  func measure(layer index: Int, _ values: [Int: [Float]]) -> LayerNoise {
    let layer = alignment.net.layers[index]
    guard alignment.places[index] != nil, let exact = values[layer.output] else { return LayerNoise() }
    var noise = LayerNoise()
    noise.signal = exact.reduce(0) { $0 + Double($1) * Double($1) }
    noise.activations = exact.squaredError(of: onGrids(layer, values))
    guard let stored = alignment.weights[index], let weights = layer.weights else { return noise }
    noise.weights = exact.squaredError(of: output(of: layer, stored.values, bias: stored.bias, values))
    noise.rounding =
      stored.prunedCount == 0 ? noise.weights : exact.squaredError(of: output(of: layer, stored.nearest, bias: weights.bias, values))
    return noise
  }

  private func output(of layer: Layer, _ weights: [Float], bias: [Float], _ values: [Int: [Float]]) -> [Float] {
    let accumulator = evaluator.accumulate(layer, weights: weights) { values[$0] }
    return evaluator.finish(layer, accumulator, bias: bias) { values[$0] }
  }

  private func onGrids(_ layer: Layer, _ values: [Int: [Float]]) -> [Float] {
    var output = evaluator.output(of: layer) { value in
      guard var elements = values[value] else { return nil }
      alignment.plan.grids[value]?.simulate(&elements)
      return elements
    }
    alignment.plan.grids[layer.output]?.simulate(&output)
    return output
  }
}

extension [Float] {
  /// Sum over the elements, in memory order.
  func squaredError(of others: [Float]) -> Double {
    zip(self, others).reduce(0) { sum, element in
      let error = Double(element.0) - Double(element.1)
      return sum + error * error
    }
  }
}

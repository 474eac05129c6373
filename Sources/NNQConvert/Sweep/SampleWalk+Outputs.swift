import NNQFloat

extension SampleWalk {
  /// What the net gives on each sample from the frontier, which stands before layer `first`, if that layer has these weights.
  func outputs(from first: Int, changing weights: LayerWeights?, limit: Int = .max) throws(ConvertError) -> [[[Float]]] {
    try parallelMap(min(sampleCount, limit), threads: threads) { sample throws(ConvertError) in
      var values = try held(sample)
      for (index, layer) in net.layers.enumerated().dropFirst(first) {
        var layer = layer
        if let weights, index == first { layer.weights = weights }
        values[layer.output] = evaluator.output(of: layer) { values[$0] }
      }
      return net.measuredValues.map { values[$0] ?? [] }
    }
  }
}

extension LayerGraph {
  /// The net's outputs; where softmax gives one, what it reads.
  fileprivate var measuredValues: [Int] {
    graph.outputs.map { output in
      guard let last = layers.first(where: { $0.output == output }), case .softmax = last.operation else { return output }
      return last.inputs[0]
    }
  }
}

extension [[[Float]]] {
  /// Squared error of the outputs over their variance, summed over outputs and samples.
  func relativeError(of changed: [[[Float]]]) -> Double {
    zip(self, changed).reduce(0) { sum, outputs in
      zip(outputs.0, outputs.1).reduce(sum) { $0 + $1.0.relativeError(of: $1.1) }
    }
  }
}

extension [Float] {
  /// Squared error of `other` over the variance of self; over the mean square where there is one element.
  fileprivate func relativeError(of other: [Float]) -> Double {
    var (sum, square, error) = (0.0, 0.0, 0.0)
    for (a, b) in zip(self, other) {
      sum += Double(a)
      square += Double(a) * Double(a)
      error += (Double(a) - Double(b)) * (Double(a) - Double(b))
    }
    let variance = square - sum * sum / Double(Swift.max(count, 1))
    return error / Swift.max(count > 1 ? variance : square, 1e-30)
  }
}

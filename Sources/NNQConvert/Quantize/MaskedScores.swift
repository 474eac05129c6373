import NNQFloat

extension LayerGraph {
  /// The ranges less what masks put out of reach: scores that softmax gives a share of e^-12 or less. A mask of -10000 would
  /// leave few steps for the scores that matter.
  ///
  /// - Parameter ranges: by value index.
  func withoutMaskedScores(_ ranges: [ClosedRange<Double>?]) -> [ClosedRange<Double>?] {
    var ranges = ranges
    for layer in layers {
      guard let (mask, scores) = mask(layer), let range = ranges[scores], let sum = ranges[layer.output] else { continue }
      let span = range.upperBound - range.lowerBound
      let lowestKept = mask.map { Double($0) }.filter { $0 > -2 * (span + Self.negligible) }.min() ?? 0
      let lowest = max(sum.lowerBound, range.lowerBound + min(lowestKept, 0) - Self.negligible)
      ranges[layer.output] = min(lowest, sum.upperBound)...sum.upperBound
    }
    return ranges
  }

  /// e^-12 = 6e-6 is less than a step of softmax.
  private static let negligible = 12.0

  /// The constant and the activation of a sum that nothing but softmax reads.
  private func mask(_ layer: Layer) -> (mask: [Float], scores: Int)? {
    guard case .binary(.add) = layer.operation, isRead(layer.output, onlyBy: \.isSoftmax),
      let constant = layer.inputs.first(where: { graph.values[$0].constant != nil }),
      let scores = layer.inputs.first(where: { $0 != constant }), let mask = graph.values[constant].constant
    else { return nil }
    return (mask, scores)
  }
}

extension Layer {
  fileprivate var isSoftmax: Bool { if case .softmax = operation { true } else { false } }
}

/// What pruning looks at as a whole.
public enum PrunePattern: String, Sendable, CaseIterable {
  /// Single weights.
  case weights
  /// Four neighbouring input channels of one output channel at one kernel position, what one 8-bit dot product multiplies: all
  /// of them go or none.
  case block4
  /// Single weights, but of four such neighbours at least two, in every layer that loses any.
  case nm2of4 = "nm2:4"
  /// Whole channels, with all that gives and reads them: tensors and weights become smaller, none of those left are zero.
  case filters
}

extension PrunePattern {
  /// Neighbours that are looked at together; the last ones may be fewer.
  var groupSize: Int {
    switch self {
    case .weights, .filters: 1
    case .block4, .nm2of4: 4
    }
  }

  private static let leftOfFour = 2

  /// The scores of a group's weights as the pattern shares them: the mean for weights that go together.
  ///
  /// - Parameters:
  ///   - scores: zero behind the first `count`.
  ///   - count: weights of the group.
  func pooled(_ scores: SIMD4<Float>, count: Int) -> SIMD4<Float> {
    self == .block4 ? SIMD4(repeating: scores.sum() / Float(count)) : scores
  }

  /// The same, and -infinity for weights that go whatever their scores are.
  func leveled(_ scores: SIMD4<Float>, count: Int) -> SIMD4<Float> {
    guard self == .nm2of4 else { return pooled(scores, count: count) }
    var leveled = scores
    for _ in 0..<max(count - Self.leftOfFour, 0) {
      var least = 0
      for place in 1..<count where leveled[least] == -.infinity || (-.infinity < leveled[place] && leveled[place] < leveled[least]) {
        least = place
      }
      leveled[least] = -.infinity
    }
    return leveled
  }
}

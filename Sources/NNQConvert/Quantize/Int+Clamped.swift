extension Int {
  /// A whole number as an integer of a range, the nearest end for one beyond it, the lower end for NaN.
  init(_ value: Double, clampedTo range: ClosedRange<Int>) {
    guard !value.isNaN else {
      self = range.lowerBound
      return
    }
    self = Int(Swift.min(Swift.max(value, Double(range.lowerBound)), Double(range.upperBound)))
  }
}

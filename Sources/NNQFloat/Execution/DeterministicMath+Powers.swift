extension DeterministicMath {
  /// The natural logarithm; -infinity for 0, NaN for negative x.
  package static func log(_ x: Double) -> Double { log2(x) * naturalLogarithmOf2 }

  /// x^y as IEEE 754 defines it: NaN for negative x unless y is whole.
  package static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    let isWhole = y == y.rounded(.towardZero)
    let isOdd = isWhole && (y * 0.5).rounded(.towardZero) != y * 0.5
    // -0 and -infinity are magnitudes with a sign too.
    let isNegative = x.sign == .minus && isOdd
    guard x >= 0 || isWhole else { return x == -.infinity ? (y > 0 ? .infinity : 0) : .nan }
    let magnitude = x.magnitude == 1 ? 1 : exp(y * log(x.magnitude))
    return isNegative ? -magnitude : magnitude
  }

  /// log(1 + e^x)
  package static func softplus(_ x: Double) -> Double { (x > 0 ? x : 0) + logOf1Plus(exp(-x.magnitude)) }

  private static let naturalLogarithmOf2 = 0.693147180559945309
}

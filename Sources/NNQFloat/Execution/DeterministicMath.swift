/// Elementary functions from the four IEEE operations and rounding alone. A C library's versions differ between libraries
/// and CPUs in the last bit; these give the same bits everywhere. Relative error below 1e-15 in normal results.
package enum DeterministicMath {
  /// e^x; 0 below -745.2, infinity above 709.8.
  package static func exp(_ x: Double) -> Double {
    guard x < 710 else { return x.isNaN ? x : .infinity }
    guard x > -746 else { return 0 }
    let exponent = (x * log2E).rounded(.toNearestOrEven)
    let remainder = (x - exponent * ln2High) - exponent * ln2Low
    // In two factors: 2^1024 and the powers of subnormal results are not representable at once.
    let half = (exponent * 0.5).rounded(.down)
    return (1 + expMinus1OfSmall(remainder)) * powerOf2(Int(half)) * powerOf2(Int(exponent - half))
  }

  /// log2(x); -infinity for 0, NaN for negative x.
  package static func log2(_ x: Double) -> Double {
    guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > squareRootOf2 {
      significand *= 0.5
      exponent += 1
    }
    return exponent + 2 * log2E * inverseHyperbolicTangentOfSmall((significand - 1) / (significand + 1))
  }

  /// (e^x - e^-x) / (e^x + e^-x)
  package static func tanh(_ x: Double) -> Double {
    let magnitude = x.magnitude
    if magnitude < 0.17 {
      let t = expMinus1OfSmall(2 * x)
      return t / (t + 2)
    }
    let e = exp(-2 * magnitude)
    let result = (1 - e) / (1 + e)
    return x < 0 ? -result : result
  }

  /// 1 / (1 + e^-x)
  package static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// e^x - 1, accurate near 0.
  package static func expMinus1(_ x: Double) -> Double { x.magnitude < 0.347 ? expMinus1OfSmall(x) : exp(x) - 1 }

  /// log(1 + x), accurate near 0.
  package static func logOf1Plus(_ x: Double) -> Double {
    x > -0.25 && x < 0.4 ? 2 * inverseHyperbolicTangentOfSmall(x / (2 + x)) : log(1 + x)
  }

  private static let log2E = 1.442695040888963407
  private static let squareRootOf2 = 1.414213562373095049
  /// ln 2 in two parts: the high one has 21 zero bits at its end, so its product with an exponent is exact.
  private static let ln2High = 0x1.62e42fee00000p-1
  private static let ln2Low = 0x1.a39ef35793c76p-33

  /// 1/n! for n = 14...1: with |x| <= ln(2)/2 the first term left out is below 2^-63 of x.
  private static let expCoefficients: [Double] = (1...14).reversed().map { n in 1 / (1...n).reduce(1.0) { $0 * Double($1) } }

  /// e^x - 1 for |x| <= 0.347.
  private static func expMinus1OfSmall(_ x: Double) -> Double {
    var sum = 0.0
    for coefficient in expCoefficients { sum = sum * x + coefficient }
    return sum * x
  }

  /// artanh(s) = s + s^3/3 + s^5/5 + ... for |s| <= 0.172: s^24/25 is below 2^-65.
  private static func inverseHyperbolicTangentOfSmall(_ s: Double) -> Double {
    let square = s * s
    var sum = 0.0
    for n in stride(from: 23, through: 3, by: -2) { sum = (sum + 1 / Double(n)) * square }
    return s + s * sum
  }

  /// 2^exponent, -1022...1023.
  private static func powerOf2(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
}

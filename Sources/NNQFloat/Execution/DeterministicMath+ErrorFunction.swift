extension DeterministicMath {
  /// 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x. Absolute error below 1e-15; relative below 1e-14 near 0.
  package static func erf(_ x: Double) -> Double {
    let magnitude = x.magnitude
    guard magnitude < erfLimit else { return x.isNaN ? x : x < 0 ? -1 : 1 }
    let center = (magnitude * erfCentersPerUnit).rounded(.toNearestOrEven)
    let offset = magnitude - center / erfCentersPerUnit
    let polynomial = erfPolynomials[Int(center)]
    var sum = 0.0
    for coefficient in polynomial.reversed() { sum = sum * offset + coefficient }
    return x < 0 ? -sum : sum
  }

  /// 1 - erf(6) is 2e-17.
  private static let erfLimit = 6.0
  private static let erfCentersPerUnit = 8.0

  /// For each centre c the Taylor coefficients of erf(c + h), |h| <= 1/16: the first term left out is below 1e-17.
  ///
  /// With f = erf, f' = 2 / sqrt(pi) e^(-x^2), and f'' = -2 x f' gives t[n+2] = -2 (c (n+1) t[n+1] + n t[n]) / ((n+1) (n+2)).
  private static let erfPolynomials: [[Double]] = (0...Int(erfLimit * erfCentersPerUnit)).map { index in
    let center = Double(index) / erfCentersPerUnit
    var terms = [erfSeries(center), 2 / Double.pi.squareRoot() * exp(-center * center)]
    for n in 0..<12 {
      let next = -2 * (center * Double(n + 1) * terms[n + 1] + Double(n) * terms[n])
      terms.append(next / Double((n + 1) * (n + 2)))
    }
    return terms
  }

  /// 2 / sqrt(pi) e^(-x^2) (x + 2 x^3 / 3 + 4 x^5 / 15 + ...), x at least 0: no term is negative, so nothing cancels.
  private static func erfSeries(_ x: Double) -> Double {
    var (term, sum, n) = (x, x, 1.0)
    while term > sum * 0x1p-60 {
      term *= 2 * x * x / (2 * n + 1)
      sum += term
      n += 1
    }
    return 2 / Double.pi.squareRoot() * exp(-x * x) * sum
  }
}

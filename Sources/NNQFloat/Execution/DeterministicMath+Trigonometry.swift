extension DeterministicMath {
  package static func sin(_ x: Double) -> Double {
    let (quarter, rest) = reduced(x)
    let value = quarter % 2 == 0 ? sinOfSmall(rest) : cosOfSmall(rest)
    return quarter < 2 ? value : -value
  }

  package static func cos(_ x: Double) -> Double {
    let (quarter, rest) = reduced(x)
    let value = quarter % 2 == 0 ? cosOfSmall(rest) : sinOfSmall(rest)
    return quarter == 0 || quarter == 3 ? value : -value
  }

  /// The angle whose tangent is x, in -pi/2...pi/2.
  package static func atan(_ x: Double) -> Double {
    let magnitude = x.magnitude
    let angle = magnitude > 1 ? .pi / 2 - atanOfHalf(1 / magnitude) : atanOfHalf(magnitude)
    return x < 0 ? -angle : angle
  }

  /// x = (4 k + quarter) pi/2 + rest with |rest| <= pi/4. Exact to 2^-53 of x up to 2^53.
  ///
  /// The remainder by the nearest Double of pi/2 is exact, and is corrected by what that Double lacks.
  private static func reduced(_ x: Double) -> (quarter: Int, rest: Double) {
    let turn = Double.pi / 2
    let rest = x.remainder(dividingBy: turn)
    guard rest.isFinite else { return (0, .nan) }
    let quotient = ((x - rest) / turn).rounded(.toNearestOrEven)
    let quarter = Int(quotient.remainder(dividingBy: 4))
    return ((quarter + 4) % 4, rest - quotient * turnRest)
  }

  /// pi/2 less its nearest Double.
  private static let turnRest = 6.123233995736766e-17

  /// x - x^3/3! + ... for |x| <= 0.79: the first term left out is below 2^-66 of x.
  private static func sinOfSmall(_ x: Double) -> Double {
    let square = x * x
    var sum = 0.0
    for n in stride(from: 17, through: 3, by: -2) { sum = (1 + sum) * -square / Double(n * (n - 1)) }
    return x + x * sum
  }

  /// 1 - x^2/2! + ... for |x| <= 0.79: the first term left out is below 2^-61.
  private static func cosOfSmall(_ x: Double) -> Double {
    let square = x * x
    var sum = 0.0
    for n in stride(from: 18, through: 2, by: -2) { sum = (1 + sum) * -square / Double(n * (n - 1)) }
    return 1 + sum
  }

  /// For 0...1. Half the angle has the tangent x / (1 + sqrt(1 + x^2)); a quarter of it is below pi/16.
  private static func atanOfHalf(_ x: Double) -> Double {
    let half = x / (1 + (1 + x * x).squareRoot())
    let quarter = half / (1 + (1 + half * half).squareRoot())
    let square = quarter * quarter
    var sum = 0.0
    // The first term left out is below 2^-59.
    for n in stride(from: 23, through: 3, by: -2) { sum = (1 / Double(n) - sum) * square }
    return 4 * (quarter - quarter * sum)
  }
}

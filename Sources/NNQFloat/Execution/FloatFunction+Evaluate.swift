extension FloatFunction {
  /// In Double; the caller rounds once.
  func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .abs: x.magnitude
    case .neg: -x
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .reciprocal: 1 / x
    case .sqrt: x.squareRoot()
    case .exp: DeterministicMath.exp(x)
    case .log: DeterministicMath.log(x)
    case .erf: DeterministicMath.erf(x)
    case .gelu: 0.5 * x * (1 + DeterministicMath.erf(x * 0.5.squareRoot()))
    case .geluTanh: 0.5 * x * (1 + DeterministicMath.tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .softplus: DeterministicMath.softplus(x)
    case .softsign: x / (1 + x.magnitude)
    case .mish: x * DeterministicMath.tanh(DeterministicMath.softplus(x))
    case .sin, .cos, .tan, .asin, .acos, .atan: trigonometric(x)
    case .sinh, .cosh, .asinh, .acosh, .atanh: hyperbolic(x)
    }
  }

  private func trigonometric(_ x: Double) -> Double {
    switch self {
    case .sin: DeterministicMath.sin(x)
    case .cos: DeterministicMath.cos(x)
    case .tan: DeterministicMath.sin(x) / DeterministicMath.cos(x)
    case .asin: DeterministicMath.atan(x / ((1 - x) * (1 + x)).squareRoot())
    case .acos: 2 * DeterministicMath.atan(((1 - x) / (1 + x)).squareRoot())
    default: DeterministicMath.atan(x)
    }
  }

  /// Each form keeps its relative accuracy where the function is near 0.
  private func hyperbolic(_ x: Double) -> Double {
    let magnitude = x.magnitude
    switch self {
    case .sinh:
      let t = DeterministicMath.expMinus1(magnitude)
      return signed(t.isFinite ? 0.5 * (t + t / (t + 1)) : t, like: x)
    case .cosh: return 0.5 * (DeterministicMath.exp(x) + DeterministicMath.exp(-x))
    case .asinh:
      let root = (magnitude * magnitude + 1).squareRoot()
      return signed(DeterministicMath.logOf1Plus(magnitude + magnitude * (magnitude / (1 + root))), like: x)
    case .acosh: return DeterministicMath.logOf1Plus(x - 1 + ((x - 1) * (x + 1)).squareRoot())
    default: return signed(0.5 * DeterministicMath.logOf1Plus(2 * magnitude / (1 - magnitude)), like: x)
    }
  }

  private func signed(_ magnitude: Double, like x: Double) -> Double { x < 0 ? -magnitude : magnitude }
}

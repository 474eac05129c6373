import NNQFloat
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Every function against its definition in terms of the C library, on its domain and at its limits.
@Suite struct FloatFunctionTests {
  private func evaluate(_ function: FloatFunction, _ x: [Float]) -> [Float] { FloatUnary.function(function).evaluate(x) }

  private func expected(_ function: FloatFunction, _ x: Double) -> Double {
    switch function {
    case .abs: abs(x)
    case .neg: -x
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .floor: floor(x)
    case .ceil: ceil(x)
    case .round: rint(x)
    case .reciprocal: 1 / x
    case .sqrt: sqrt(x)
    case .exp: exp(x)
    case .log: log(x)
    case .erf: erf(x)
    case .gelu: x * erfc(-x / sqrt(2)) / 2
    case .geluTanh: x / (1 + exp(-2 * sqrt(2 / .pi) * (x + 0.044715 * x * x * x)))
    case .softplus: x > 30 ? x : log1p(exp(x))
    case .softsign: x / (1 + abs(x))
    case .mish: x * tanh(x > 30 ? x : log1p(exp(x)))
    case .sin: sin(x)
    case .cos: cos(x)
    case .tan: tan(x)
    case .asin: asin(x)
    case .acos: acos(x)
    case .atan: atan(x)
    case .sinh: sinh(x)
    case .cosh: cosh(x)
    case .asinh: asinh(x)
    case .acosh: acosh(x)
    case .atanh: atanh(x)
    }
  }

  private func domain(_ function: FloatFunction) -> ClosedRange<Float> {
    switch function {
    case .sqrt, .log: 0...1000
    case .asin, .acos, .atanh: -1...1
    case .acosh: 1...1000
    case .exp, .sinh, .cosh: -80...80
    case .erf, .gelu, .geluTanh: -5...5
    default: -1000...1000
    }
  }

  /// Arguments of every magnitude, so that relative accuracy near 0 shows.
  @Test(arguments: FloatFunction.allCases) func isRightToTheLastBitOrTwo(function: FloatFunction) {
    var random = SeededRandom(seed: UInt64(function.rawValue))
    let domain = domain(function)
    let x = (0..<4000).map { index in
      let uniform = Float.random(in: domain, using: &random)
      let small = uniform * exp2(-Float.random(in: 0...40, using: &random))
      return index % 2 == 0 ? uniform : min(max(small, domain.lowerBound), domain.upperBound)
    }
    for (x, y) in zip(x, evaluate(function, x)) {
      let expected = expected(function, Double(x))
      #expect(abs(Double(y) - expected) <= 2.5e-7 * abs(expected) + 1e-13, "\(function)(\(x)) is \(y), not \(expected)")
    }
  }

  @Test func limits() {
    let infinity = Float.infinity
    #expect(evaluate(.sign, [-3, 0, 0.5]) == [-1, 0, 1])
    #expect(evaluate(.round, [-2.5, -1.5, 0.5, 2.4]) == [-2, -2, 0, 2])
    #expect(evaluate(.reciprocal, [0, -4, infinity]) == [infinity, -0.25, 0])
    #expect(evaluate(.log, [0, 1, infinity]) == [-infinity, 0, infinity])
    #expect(evaluate(.erf, [-infinity, -7, 0, 7, infinity]) == [-1, -1, 0, 1, 1])
    #expect(evaluate(.gelu, [-100, 0, 100]) == [0, 0, 100])
    #expect(evaluate(.softplus, [-200, 0, 200]) == [0, 0.6931472, 200])
    #expect(evaluate(.mish, [-200, 0, 200]) == [0, 0, 200])
    #expect(evaluate(.atan, [-infinity, infinity]) == [-1.5707964, 1.5707964])
    #expect(evaluate(.asin, [-1, 1]) == [-1.5707964, 1.5707964])
    #expect(evaluate(.acos, [-1, 0, 1]) == [3.1415927, 1.5707964, 0])
    #expect(evaluate(.acosh, [1]) == [0])
    #expect(evaluate(.atanh, [-1, 1]) == [-infinity, infinity])
    #expect(evaluate(.sinh, [-1000, 1000]) == [-infinity, infinity])
    #expect(evaluate(.cosh, [-1000, 0]) == [infinity, 1])
    for function in [FloatFunction.sqrt, .log, .asin, .acos, .acosh, .atanh] { #expect(evaluate(function, [-2])[0].isNaN, "\(function)") }
    for function in FloatFunction.allCases { #expect(evaluate(function, [.nan])[0].isNaN, "\(function)") }
    for function in [FloatFunction.sin, .cos, .tan] { #expect(evaluate(function, [infinity])[0].isNaN, "\(function)") }
  }

  @Test func parametrisedFunctions() {
    #expect(FloatUnary.elu(alpha: 2).evaluate([-100, 0, 3]) == [-2, 0, 3])
    #expect(FloatUnary.selu(alpha: 2, gamma: 3).evaluate([-100, 0, 3]) == [-6, 0, 9])
    #expect(FloatUnary.celu(alpha: 2).evaluate([-2, 0, 3]) == [-1.2642411, 0, 3])
    #expect(FloatUnary.thresholdedRelu(alpha: 2).evaluate([-3, 2, 3]) == [0, 0, 3])
    #expect(FloatUnary.shrink(bias: 0.5, lambda: 1).evaluate([-2, -1, 0, 1, 2]) == [-1.5, 0, 0, 0, 1.5])
    #expect(FloatUnary.swish(alpha: 2).evaluate([0, 1]) == [0, 0.8807971])
  }

  @Test func powers() {
    let infinity = Double.infinity
    let cases: [(Double, Double)] = [
      (2, 10), (2, 0.5), (-2, 3), (-2, 2), (-2, -1), (-2, 0.5), (0, 2), (0, -1), (-0.0, 3), (-0.0, -3), (0, 0), (1, infinity),
      (0.5, infinity), (0.5, -infinity), (infinity, 0.5), (-infinity, 3), (-infinity, -2), (-infinity, 0.5), (.nan, 0), (1, .nan),
      (3, .nan), (.nan, 2),
    ]
    for (x, y) in cases {
      let (got, wanted) = (DeterministicMath.pow(x, y), pow(x, y))
      #expect(got == wanted || abs(got - wanted) < 1e-14 * abs(wanted) || got.isNaN && wanted.isNaN, "\(x)^\(y) is \(got), not \(wanted)")
    }
    #expect(FloatBinary.pow(3, 2) == 9)
  }

  @Test func preluScalesNegativeElements() throws {
    let y = try NNQFloatTests.evaluate(.binary(.prelu), [([1, 2, 2], [-1, 2, -3, 4]), ([2, 1], [0.5, -2])])
    #expect(y.elements == [-0.5, 2, 6, 4])
  }
}

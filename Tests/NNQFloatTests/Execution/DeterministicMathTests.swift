import NNQFloat
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Against the C library, which is right to about one unit in the last place.
@Suite struct DeterministicMathTests {
  private func relativeError(_ value: Double, _ expected: Double) -> Double {
    value == expected ? 0 : abs(value - expected) / abs(expected)
  }

  @Test func exponentialAndLogarithmAreAccurate() {
    var random = SeededRandom(seed: 3)
    var worst = (exp: 0.0, log2: 0.0)
    for _ in 0..<20_000 {
      let x = Double.random(in: -700...700, using: &random)
      worst.exp = max(worst.exp, relativeError(DeterministicMath.exp(x), exp(x)))
      let y = exp(Double.random(in: -700...700, using: &random))
      worst.log2 = max(worst.log2, relativeError(DeterministicMath.log2(y), log2(y)))
      let nearOne = 1 + Double.random(in: -1e-3...1e-3, using: &random)
      worst.log2 = max(worst.log2, relativeError(DeterministicMath.log2(nearOne), log2(nearOne)))
    }
    #expect(worst.exp < 1e-15)
    #expect(worst.log2 < 1e-15)
  }

  @Test func sigmoidAndTanhAreAccurate() {
    var random = SeededRandom(seed: 4)
    var worst = 0.0
    for _ in 0..<20_000 {
      let x = Double.random(in: -30...30, using: &random) * Double.random(in: 0...1, using: &random)
      worst = max(worst, relativeError(DeterministicMath.tanh(x), tanh(x)))
      worst = max(worst, relativeError(DeterministicMath.sigmoid(x), 1 / (1 + exp(-x))))
    }
    #expect(worst < 2e-15)
  }

  @Test func errorFunctionAndAnglesAreAccurate() {
    var random = SeededRandom(seed: 5)
    var worst = (erf: 0.0, sin: 0.0, atan: 0.0, log1p: 0.0)
    for _ in 0..<20_000 {
      let x = Double.random(in: -7...7, using: &random) * Double.random(in: 0...1, using: &random)
      worst.erf = max(worst.erf, relativeError(DeterministicMath.erf(x), erf(x)))
      worst.atan = max(worst.atan, relativeError(DeterministicMath.atan(x), atan(x)))
      let angle = Double.random(in: -1e4...1e4, using: &random)
      worst.sin = max(worst.sin, abs(DeterministicMath.sin(angle) - sin(angle)), abs(DeterministicMath.cos(angle) - cos(angle)))
      let positive = x.magnitude - 0.5
      worst.log1p = max(worst.log1p, relativeError(DeterministicMath.logOf1Plus(positive), log1p(positive)))
    }
    #expect(worst.erf < 1e-14)
    #expect(worst.sin < 1e-15)
    #expect(worst.atan < 1e-15)
    #expect(worst.log1p < 2e-15)
  }

  @Test func limitsAreExact() {
    #expect(DeterministicMath.exp(0) == 1)
    #expect(DeterministicMath.exp(-.infinity) == 0)
    #expect(DeterministicMath.exp(.infinity) == .infinity)
    #expect(DeterministicMath.exp(.nan).isNaN)
    #expect(DeterministicMath.exp(709.78).isFinite)
    #expect(relativeError(DeterministicMath.exp(-740), exp(-740)) < 0.1)
    #expect(DeterministicMath.log2(0) == -.infinity)
    #expect(DeterministicMath.log2(-1).isNaN)
    #expect((-1074...1023).allSatisfy { DeterministicMath.log2(scalbn(1, $0)) == Double($0) })
    #expect(DeterministicMath.tanh(.infinity) == 1)
    #expect(DeterministicMath.tanh(-.infinity) == -1)
  }
}

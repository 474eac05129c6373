import TestSupport
import Testing

@testable import NNQConvert

@Suite struct CalibratorTests {
  /// 20,000 values of a bell over about -1...1, and what else is asked for.
  private func bell(and outliers: Float...) -> Histogram {
    var random = SeededRandom(seed: 7)
    let values = (0..<20_000).map { _ in
      (0..<4).reduce(Float(0)) { sum, _ in sum + Float.random(in: -0.25...0.25, using: &random) }
    }
    return Histogram(values + outliers)
  }

  @Test(arguments: Calibrator.allCases) func everyRangeHoldsZeroAndNoMoreThanWasSeen(calibrator: Calibrator) {
    for (values, full) in [([1, 2], 0...2), ([-3, -1], -3...0), ([-1, 5], -1...5), ([0], 0...0)] as [([Float], ClosedRange<Double>)] {
      let range = calibrator.range(of: Histogram(values))
      #expect(range.contains(0))
      #expect(full.contains(range.lowerBound) && full.contains(range.upperBound))
    }
    #expect(calibrator.range(of: Histogram()) == 0...0)
  }

  @Test func minmaxTakesEverything() {
    #expect(Calibrator.minmax.range(of: bell(and: -3, 77)) == -3...77)
  }

  @Test func percentileLeavesOutOneInTenThousand() {
    // Bins are 64 * 2 / 8192 wide; one outlier of 20,000 is cut, three are not.
    let cut = Calibrator.percentile.range(of: bell(and: 50))
    #expect(cut.upperBound < 1 + 0.016 && cut.upperBound > 0.8)
    #expect(cut.lowerBound > -1 - 0.016 && cut.lowerBound < -0.8)
    let kept = Calibrator.percentile.range(of: bell(and: 50, 50, 50))
    #expect(kept.upperBound == 50)
  }

  @Test func meanSquaredErrorWeighsClippingAgainstSteps() {
    var random = SeededRandom(seed: 8)
    let uniform = Histogram((0..<5_000).map { _ in Float.random(in: -1...1, using: &random) } + [-1, 1])
    #expect(Calibrator.mse.range(of: uniform) == -1...1)
    let range = Calibrator.mse.range(of: bell(and: 4))
    #expect(range.upperBound < 4 && range.upperBound > 1)
  }

  @Test func entropyWeighsTheTailAgainstSteps() {
    var random = SeededRandom(seed: 8)
    let uniform = Histogram((0..<50_000).map { _ in Float.random(in: -1...1, using: &random) } + [-1, 1])
    #expect(Calibrator.entropy.range(of: uniform) == -1...1)
    let range = Calibrator.entropy.range(of: bell(and: -3, 3))
    #expect(range.upperBound < 3 && range.upperBound > 0.75)
  }

  /// Most values of an activation after ReLU are zeros, which every grid has.
  @Test func entropyDoesNotSeeZeros() {
    let values = bell(and: 3)
    var withZeros = values
    withZeros.merge(Histogram([Float](repeating: 0, count: 100_000)))
    #expect(Calibrator.entropy.range(of: withZeros) == Calibrator.entropy.range(of: values))
  }
}

import TestSupport
import Testing

@testable import NNQConvert

@Suite struct ActivationGridTests {
  static let ranges = [0...1, -1...0, -1...1, -0.3...7.9, -1e6...1e-3, 0...0, -2.1179...2.64].map { $0 as ClosedRange<Double> }

  @Test(arguments: ranges) func zeroIsOnTheGrid(range: ClosedRange<Double>) {
    let grid = ActivationGrid(u8: range)
    #expect((0...255).contains(grid.zeroPoint))
    #expect(grid.quantize(0) == grid.zeroPoint)
    #expect(grid.dequantize(grid.zeroPoint) == 0)
    #expect(grid.scale == Double(Float(grid.scale)))
    #expect(grid.scale >= 0x1p-126)
  }

  @Test(arguments: ranges) func theRangeIsCoveredToHalfAStep(range: ClosedRange<Double>) {
    let grid = ActivationGrid(u8: range)
    for end in [range.lowerBound, range.upperBound] {
      #expect(abs(grid.dequantize(grid.quantize(end)) - end) <= grid.scale * 0.5001)
    }
  }

  @Test func whatIsNoNumberIsZeroAndTheRestIsClamped() {
    let grid = ActivationGrid(u8: -1...1)
    #expect(grid.quantize(.nan) == grid.zeroPoint)
    #expect(grid.quantize(.infinity) == 255)
    #expect(grid.quantize(-1e300) == 0)
    let wide = ActivationGrid(s16: 2, isAccumulated: false)
    #expect(wide.quantize(2) == 16384)
    #expect(ActivationGrid(s16: 2, isAccumulated: true).quantize(2) == 8192)
    #expect(wide.quantize(100) == 32767)
    #expect(wide.quantize(-100) == -32768)
  }

  @Test func halvesRoundToEven() {
    let grid = ActivationGrid(.u8, scale: 1, zeroPoint: 10)
    #expect([0.5, 1.5, 2.5, -0.5, -1.5].map(grid.quantize) == [10, 12, 12, 10, 8])
  }

  @Test(arguments: [ActivationGrid(u8: -0.7...1.9), ActivationGrid(s16: 0.01, isAccumulated: false)])
  func simulatingIsQuantisingAndBack(grid: ActivationGrid) {
    var random = SeededRandom(seed: 13)
    let values = (0..<300).map { _ in Float.random(in: -3...3, using: &random) }
    var simulated = values
    grid.simulate(&simulated)
    for (value, result) in zip(values, simulated) {
      #expect(abs(Double(result) - grid.dequantize(grid.quantize(Double(value)))) <= 1e-6)
    }
  }

  @Test func coarseningNeverMakesFiner() {
    let grid = ActivationGrid(u8: -1...1)
    #expect(grid.coarsened(to: grid.scale / 2) == grid)
    let coarse = grid.coarsened(to: 0.1)
    #expect(coarse.scale >= 0.1 && coarse.scale < 0.1000001)
    #expect(coarse.zeroPoint == grid.zeroPoint)
  }
}

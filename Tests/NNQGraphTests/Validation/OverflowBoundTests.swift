import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 5.3.
@Suite struct OverflowBoundTests {
  private static let (most, least) = (Int(Int32.max), Int(Int32.min))

  /// Weights 5 and -3 in the second of two channels; the first has room.
  private func accumulation(bias: Int, zeroPoint: Int32 = 0, shift: Int = 0) -> Refusal? {
    var operands = AccumulatingGraph()
    operands.x = .activation("x", [1, 2], zeroPoint: zeroPoint)
    operands.y = .activation("y", [1, 2])
    operands.weights = .constant("w", [2, 2], .s8, [1, 1, 5, -3])
    (operands.bias, operands.multiplier, operands.shift) = ([0, bias], [256, 256], [0, shift])
    return operands.dense.refusal
  }

  private let overflow = Refusal(.accumulatorOverflow, at: "y")

  @Test func boundsTheLargestSum() {
    let bias = Self.most - 255 * 5
    #expect(accumulation(bias: bias) == nil)
    #expect(accumulation(bias: bias + 1) == overflow)
  }

  @Test func boundsTheLeastSum() {
    let bias = Self.least + 255 * 3
    #expect(accumulation(bias: bias) == nil)
    #expect(accumulation(bias: bias - 1) == overflow)
  }

  /// B = bias - z_x * (5 - 3).
  @Test func countsTheZeroPoint() {
    let (largest, least) = (Self.most - 255 * 5 + 2 * 100, Self.least + 255 * 3 + 2 * 100)
    #expect(accumulation(bias: largest, zeroPoint: 100) == nil)
    #expect(accumulation(bias: largest + 1, zeroPoint: 100) == overflow)
    #expect(accumulation(bias: least, zeroPoint: 100) == nil)
    #expect(accumulation(bias: least - 1, zeroPoint: 100) == overflow)
  }

  /// h = 2^21 for s = 22.
  @Test func countsTheRounding() {
    let bias = Self.most - 255 * 5 - 1 << 21
    #expect(accumulation(bias: bias, shift: 22) == nil)
    #expect(accumulation(bias: bias + 1, shift: 22) == overflow)
  }
}

import NNQFormat
import NNQGraph
import Testing

/// add, multiply, maximum, minimum and requantize. Spec: operators.md 3.1 and 3.13 to 3.15, values by hand.
@Suite struct ArithmeticReferenceTests {
  /// (3 (a - 10) - 2 (b - 20) + 2) >> 2 about 50.
  @Test func addWeighsBothOperands() throws {
    let add = Add(multiplierA: 3, multiplierB: -2, shift: 2, lo: 49, hi: 52)
    let graph = Graph(
      .add(add), [.activation("a", [1, 6], zeroPoint: 10), .activation("b", [1, 6], zeroPoint: 20)],
      .activation("y", [1, 6], zeroPoint: 50))
    // Sums 0, 6, -6, 1, 90, -90; quarters 0, 1.5, -1.5, 0.25 round to 0, 2, -1, 0; the others are clamped.
    #expect(try graph.output(of: [10, 12, 8, 11, 40, 10], [20, 20, 20, 21, 20, 65]) == [50, 52, 49, 50, 52, 49])
  }

  /// No rounding when s = 0.
  @Test func addWithoutShiftIsExact() throws {
    let add = Add(multiplierA: 1, multiplierB: 1, shift: 0, lo: 0, hi: 255)
    let graph = Graph(.add(add), [.activation("a", [1, 3]), .activation("b", [1, 3])], .activation("y", [1, 3]))
    #expect(try graph.output(of: [1, 100, 200], [2, 100, 200]) == [3, 200, 255])
  }

  @Test func addRepeatsExtentsOf1() throws {
    let add = NNQGraph.Operation.add(Add(multiplierA: 1, multiplierB: 1, shift: 0, lo: 0, hi: 255))
    let pixels = Graph(add, [.activation("a", [1, 2, 2, 2]), .activation("b", [1, 1, 1, 2])], .activation("y", [1, 2, 2, 2]))
    #expect(try pixels.output(of: [0, 1, 2, 3, 4, 5, 6, 7], [10, 20]) == [10, 21, 12, 23, 14, 25, 16, 27])
    let outer = Graph(add, [.activation("a", [1, 1, 3]), .activation("b", [1, 2, 1])], .activation("y", [1, 2, 3]))
    #expect(try outer.output(of: [1, 2, 3], [10, 20]) == [11, 12, 13, 21, 22, 23])
  }

  /// A constant's zero point is 0.
  @Test func addTakesAConstant() throws {
    let add = Add(multiplierA: 1, multiplierB: 2, shift: 1, lo: -32768, hi: 32767)
    let graph = Graph(
      .add(add), [.activation("a", [1, 2, 2], zeroPoint: 1), .constant("b", [1, 2, 1], .s16, [-100, 1000])],
      .activation("y", [1, 2, 2], .s16, zeroPoint: -3))
    // (a - 1 + 2 b + 1) >> 1, minus 3.
    #expect(try graph.output(of: [1, 4, 1, 3]) == [-103, -101, 997, 998])
  }

  /// w = 64 (b - 2) with m = 2^14 and j = 7; y = 5 + (2 (a - 10) w + 2^14) >> 15.
  @Test func multiplyRoundsTheFactorThenTheProduct() throws {
    let multiply = Multiply(shiftA: 1, shiftB: 7, multiplier: 16384, lo: 4, hi: 200)
    let graph = Graph(
      .multiply(multiply), [.activation("a", [1, 5], zeroPoint: 10), .activation("b", [1, 5], zeroPoint: 2)],
      .activation("y", [1, 5], zeroPoint: 5))
    // Products of the centred operands 0, 128, 384, -490, 61985; a 256th of them 0, 0.5, 1.5, -1.9, 242.1.
    #expect(try graph.output(of: [10, 18, 18, 255, 255], [77, 18, 50, 0, 255]) == [5, 6, 7, 4, 200])
    let factor = Multiply(shiftA: 0, shiftB: 0, multiplier: 16384, lo: 0, hi: 255)
    let small = Graph(.multiply(factor), [.activation("a", [1, 3], .s16), .activation("b", [1, 3])], .activation("y", [1, 3]))
    // w = b / 2 rounded up at halves: 1, 2, 2.
    #expect(try small.output(of: [32767, 16384, 8192], [1, 3, 4]) == [1, 1, 1])
  }

  /// Operands beyond what 16 bits leave after the shift are clamped: 8191 * 4, -8192 * 4.
  @Test func multiplyClampsWhatTheShiftWouldOverflow() throws {
    let multiply = Multiply(shiftA: 2, shiftB: 0, multiplier: 32767, lo: -32768, hi: 32767)
    let graph = Graph(
      .multiply(multiply), [.activation("a", [1, 4], .s16, zeroPoint: -8), .activation("b", [1, 4], .s16)],
      .activation("y", [1, 4], .s16))
    // w of 16384 is 16384 (16383.5 + 0.5), of -32768 it is -32767.
    #expect(try graph.output(of: [32767, -32768, 0, -32768], [16384, 16384, 16384, -32768]) == [16382, -16384, 16, 32767])
  }

  @Test func extremaCompareIntegers() throws {
    let operands = [Tensor.activation("a", [1, 3], .s16), .activation("b", [1, 1], .s16)]
    #expect(try Graph(.maximum, operands, .activation("y", [1, 3], .s16)).output(of: [-5, 0, 5], [0]) == [0, 0, 5])
    #expect(try Graph(.minimum, operands, .activation("y", [1, 3], .s16)).output(of: [-5, 0, 5], [-1]) == [-5, -1, -1])
    let constant = Tensor.constant("b", [1, 3], .u8, [9, 1, 4])
    #expect(try Graph(.minimum, [.activation("a", [1, 3]), constant], .activation("y", [1, 3])).output(of: [3, 3, 255]) == [3, 1, 4])
  }

  /// ((x + 100) * 3 + 4) >> 3, plus 10.
  @Test func requantizeChangesTheGrid() throws {
    let graph = Graph(
      .requantize(Requantize(multiplier: 3, shift: 3, lo: 8, hi: 255)), [.activation("x", [1, 5], .s16, zeroPoint: -100)],
      .activation("y", [1, 5], zeroPoint: 10))
    #expect(try graph.output(of: [-100, -96, -104, -32768, 32767]) == [10, 12, 9, 8, 255])
    let negated = Graph(
      .requantize(Requantize(multiplier: -256, shift: 0, lo: -32768, hi: 32767)), [.activation("x", [1, 2])],
      .activation("y", [1, 2], .s16))
    #expect(try negated.output(of: [1, 255]) == [-256, -32768])
  }
}

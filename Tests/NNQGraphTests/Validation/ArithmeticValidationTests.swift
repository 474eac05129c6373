import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.1, 3.13 to 3.15 and 5.4.
@Suite struct ArithmeticValidationTests {
  private let shapes = Refusal(.shapeMismatch, at: "y")
  private let types = Refusal(.operandType, at: "y")
  private let ranges = Refusal(.attributeRange, at: "y")
  private let grids = Refusal(.quantizationMismatch, at: "y")
  private let overflows = Refusal(.accumulatorOverflow, at: "y")

  private static let add = NNQGraph.Operation.add(Add(multiplierA: 1, multiplierB: 1, shift: 0, lo: 0, hi: 255))
  private static let multiply = NNQGraph.Operation.multiply(Multiply(shiftA: 0, shiftB: 0, multiplier: 1, lo: 0, hi: 255))
  private static let requantize = NNQGraph.Operation.requantize(Requantize(multiplier: 1, shift: 0, lo: 0, hi: 255))
  private static let binary = [add, multiply, .maximum, .minimum]

  private func refusal(_ operation: NNQGraph.Operation, _ operands: [Tensor], _ y: Tensor) -> Refusal? {
    Graph(operation, operands, y).refusal
  }

  @Test(arguments: binary) func takesTwoOperandsOfTheOutputsShape(operation: NNQGraph.Operation) {
    let (a, b, y) = (Tensor.activation("a", [1, 2]), Tensor.activation("b", [1, 2]), Tensor.activation("y", [1, 2]))
    #expect(refusal(operation, [a, b], y) == nil)
    #expect(refusal(operation, [a], y) == Refusal(.operandCount, at: "y"))
    #expect(refusal(operation, [a, b], .activation("y", [1, 3])) == shapes)
    #expect(refusal(operation, [.constant("a", [1, 2], .u8, [1, 2]), b], y) == types, "only b may be constant")
    #expect(refusal(operation, [a, .constant("b", [1, 2], .s8, [1, 2])], y) == types)
    #expect(refusal(operation, [a, .constant("b", [1, 2], .u8, [1, 2])], y) == nil)
  }

  @Test(arguments: binary) func extentsOf1Repeat(operation: NNQGraph.Operation) {
    func refusal(_ a: [Int], _ b: [Int], _ y: [Int]) -> Refusal? {
      self.refusal(operation, [.activation("a", a), .activation("b", b)], .activation("y", y))
    }
    #expect(refusal([1, 3, 4, 5], [1, 1, 1, 5], [1, 3, 4, 5]) == nil)
    #expect(refusal([1, 3, 1], [1, 1, 4], [1, 3, 4]) == nil)
    #expect(refusal([1, 3, 4], [1, 4], [1, 3, 4]) == shapes, "ranks are equal")
    #expect(refusal([1, 3, 4], [1, 2, 4], [1, 3, 4]) == shapes)
    #expect(refusal([1, 1], [1, 1], [1, 4]) == shapes, "no operand has the extent")
    #expect(refusal([1, 2], [1, 2], [1, 1]) == shapes)
  }

  @Test func sumsAndProductsMixElementTypes() {
    let operations: [NNQGraph.Operation] = [Self.add, Self.multiply]
    for operation in operations {
      for (a, b, y) in [(ElementType.u8, ElementType.s16, ElementType.u8), (.s16, .u8, .s16), (.s16, .s16, .u8)] {
        let operands = [Tensor.activation("a", [1, 2], a), .activation("b", [1, 2], b, zeroPoint: b == .s16 ? -5 : 5)]
        #expect(refusal(operation, operands, .activation("y", [1, 2], y)) == nil)
      }
    }
    #expect(refusal(Self.requantize, [.activation("x", [1, 2], .s16)], .activation("y", [1, 2])) == nil)
    #expect(refusal(Self.requantize, [.activation("x", [1, 2], .s16)], .activation("y", [1, 3])) == shapes)
    #expect(refusal(Self.requantize, [.constant("x", [1, 2], .s16, [0, 0])], .activation("y", [1, 2])) == types)
  }

  @Test(arguments: [NNQGraph.Operation.maximum, .minimum]) func extremaAreOnOneGrid(operation: NNQGraph.Operation) {
    let (x, y) = (Tensor.activation("a", [1, 2], zeroPoint: 3), Tensor.activation("y", [1, 2], zeroPoint: 3))
    #expect(refusal(operation, [x, .activation("b", [1, 2], zeroPoint: 3)], y) == nil)
    #expect(refusal(operation, [x, .activation("b", [1, 2], zeroPoint: 4)], y) == grids)
    #expect(refusal(operation, [x, .activation("b", [1, 2], scale: 2, zeroPoint: 3)], y) == grids)
    #expect(refusal(operation, [.activation("a", [1, 2], .s16), .activation("b", [1, 2], zeroPoint: 3)], y) == grids)
    #expect(refusal(operation, [x, .constant("b", [1, 2], .s16, [1, 2])], y) == types)
  }

  @Test func boundsTheAttributesOfAdd() {
    func refusal(_ multiplierA: Int32 = 1, _ multiplierB: Int32 = 1, shift: Int32 = 0, lo: Int32 = 0, hi: Int32 = 255) -> Refusal? {
      let add = Add(multiplierA: multiplierA, multiplierB: multiplierB, shift: shift, lo: lo, hi: hi)
      let tensors = ["a", "b", "y"].map { Tensor.activation($0, [1, 1], zeroPoint: 255) }
      return Graph(.add(add), Array(tensors[...1]), tensors[2]).refusal
    }
    #expect(refusal(-32767, 32767, shift: 21, lo: 255, hi: 255) == nil)
    #expect(refusal(0) == ranges)
    #expect(refusal(1, 0) == ranges)
    #expect(refusal(-32768) == ranges)
    #expect(refusal(1, 32768) == ranges)
    #expect(refusal(shift: 22) == ranges)
    #expect(refusal(lo: 2, hi: 1) == ranges)
    #expect(refusal(lo: -1) == ranges)
    #expect(refusal(hi: 256) == ranges)
  }

  @Test func boundsTheAttributesOfMultiply() {
    func refusal(_ shiftA: Int32 = 0, _ shiftB: Int32 = 0, _ multiplier: Int32 = 1, lo: Int32 = 0, hi: Int32 = 255) -> Refusal? {
      let multiply = Multiply(shiftA: shiftA, shiftB: shiftB, multiplier: multiplier, lo: lo, hi: hi)
      return Graph(.multiply(multiply), [.activation("a", [1, 1]), .activation("b", [1, 1])], .activation("y", [1, 1])).refusal
    }
    #expect(refusal(7, 7, 32767) == nil)
    #expect(refusal(8) == ranges)
    #expect(refusal(0, 8) == ranges)
    #expect(refusal(0, 0, 0) == ranges)
    #expect(refusal(lo: 2, hi: 1) == ranges)
    #expect(refusal(hi: 256) == ranges)
  }

  @Test func boundsTheAttributesOfRequantize() {
    func refusal(_ multiplier: Int32 = 1, shift: Int32 = 0, lo: Int32 = 0, hi: Int32 = 255) -> Refusal? {
      let requantize = Requantize(multiplier: multiplier, shift: shift, lo: lo, hi: hi)
      return Graph(.requantize(requantize), [.activation("x", [1, 1], .s16)], .activation("y", [1, 1])).refusal
    }
    #expect(refusal(-32767, shift: 21) == nil)
    #expect(refusal(0) == ranges)
    #expect(refusal(shift: 22) == ranges)
    #expect(refusal(lo: -1) == ranges)
  }

  /// 32768 * 32767 * 2 = 2^31 - 2^16 is the largest sum of products; h or a zero point may take it beyond 2^31 - 1.
  @Test func boundsSumsOfS16() {
    func refusal(_ multiplier: Int32, shift: Int32, zeroPoint: Int32 = 0) -> Refusal? {
      let add = Add(multiplierA: multiplier, multiplierB: multiplier, shift: shift, lo: -32768, hi: 32767)
      let operands = [Tensor.activation("a", [1, 1], .s16, zeroPoint: zeroPoint), .activation("b", [1, 1], .s16)]
      return Graph(.add(add), operands, .activation("y", [1, 1], .s16)).refusal
    }
    #expect(refusal(32767, shift: 17) == nil)
    #expect(refusal(-32767, shift: 16) == nil)
    #expect(refusal(-32767, shift: 17) == overflows, "2^31 - 2^16 + 2^16")
    #expect(refusal(32767, shift: 0, zeroPoint: 4) == overflows)
    let wide = Requantize(multiplier: 1, shift: 21, lo: 0, hi: 0)
    let y = Tensor.activation("y", [1, 1], .s16, zeroPoint: 1024)
    #expect(Graph(.requantize(wide), [.activation("x", [1, 1])], y).refusal == overflows)
  }
}

import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.16.
@Suite struct ReductionValidationTests {
  private let sum = Reduction.sum(multiplier: 1, shift: 1)

  private func refusal(_ reduction: Reduction, _ x: Tensor, _ y: Tensor) -> Refusal? { Graph(.reduce(reduction), [x], y).refusal }

  @Test func extentsAreKeptOrOne() {
    let x = Tensor.activation("x", [1, 2, 3, 4])
    for shape in [[1, 2, 3, 4], [1, 1, 3, 1], [1, 2, 1, 4], [1, 1, 1, 1]] {
      #expect(refusal(sum, x, .activation("y", shape)) == nil)
    }
    for shape in [[1, 2, 3, 2], [1, 2, 3], [1, 1, 2, 3, 4]] {
      #expect(refusal(sum, x, .activation("y", shape)) == Refusal(.shapeMismatch, at: "y"))
    }
    #expect(
      Graph(.reduce(sum), [x, .activation("x2", [1])], .activation("y", [1, 1, 1, 1])).refusal == Refusal(.operandCount, at: "y"))
  }

  @Test func sumsHaveTheirOwnGridAndTheOthersThatOfX() {
    let x = Tensor.activation("x", [1, 4], .s16)
    #expect(refusal(sum, x, .activation("y", [1, 1], scale: 2, zeroPoint: 3)) == nil)
    #expect(refusal(.max, x, .activation("y", [1, 1], .s16)) == nil)
    for reduction in [Reduction.max, .min] {
      for y in [Tensor.activation("y", [1, 1]), .activation("y", [1, 1], .s16, scale: 2), .activation("y", [1, 1], .s16, zeroPoint: 1)] {
        #expect(refusal(reduction, x, y) == Refusal(.quantizationMismatch, at: "y"))
      }
    }
    #expect(refusal(sum, .constant("x", [1, 4], .u8, [1, 2, 3, 4]), .activation("y", [1, 1])) == Refusal(.operandType, at: "y"))
  }

  @Test func sumsHaveABoundedNumberOfElements() {
    let count = Reduction.maximumElementCount
    #expect(refusal(sum, .activation("x", [1, count]), .activation("y", [1, 1])) == nil)
    #expect(refusal(sum, .activation("x", [1, count + 1]), .activation("y", [1, 1])) == Refusal(.shapeMismatch, at: "y"))
    #expect(refusal(.max, .activation("x", [1, count + 1]), .activation("y", [1, 1])) == nil)
  }
}

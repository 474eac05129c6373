import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.16, values by hand.
@Suite struct ReductionReferenceTests {
  private let x: [Int32] = [1, 2, 3, 4, 5, 6, 7, 80]

  private func reduce(_ reduction: Reduction, to shape: [Int], _ y: Tensor? = nil) throws -> [Int32] {
    let input = Tensor.activation("x", [1, 2, 2, 2], y?.elementType ?? .u8)
    return try Graph(.reduce(reduction), [input], y ?? .activation("y", shape)).output(of: x)
  }

  @Test func takesTheLargestAndSmallestAlongAnyAxes() throws {
    #expect(try reduce(.max, to: [1, 1, 2, 2]) == [5, 6, 7, 80])
    #expect(try reduce(.max, to: [1, 2, 2, 1]) == [2, 4, 6, 80])
    #expect(try reduce(.min, to: [1, 2, 1, 2]) == [1, 2, 5, 6])
    #expect(try reduce(.min, to: [1, 1, 1, 1]) == [1])
    #expect(try reduce(.max, to: [1, 2, 2, 2]) == x)
  }

  /// Halves of sums, rounded up from the middle.
  @Test func scalesSums() throws {
    let half = Reduction.sum(multiplier: 1, shift: 1)
    #expect(try reduce(half, to: [1, 2, 2, 1]) == [2, 4, 6, 44])
    #expect(try reduce(half, to: [1, 1, 1, 1]) == [54])
    #expect(try reduce(.sum(multiplier: 8, shift: 1), to: [1, 1, 1, 1]) == [255], "clamped")
  }

  @Test func sumsAboutTheZeroPoints() throws {
    let graph = Graph(
      .reduce(.sum(multiplier: 3, shift: 2)), [.activation("x", [1, 4], zeroPoint: 10)], .activation("y", [1, 1], zeroPoint: 100))
    // -10 + 0 + 2 + 4 = -4, times 3/4.
    #expect(try graph.output(of: [0, 10, 12, 14]) == [97])
  }

  @Test func s16SumsBeyond32Bits() throws {
    let count = 1 << 17
    let graph = Graph(
      .reduce(.sum(multiplier: 1, shift: 17)), [.activation("x", [1, count], .s16)], .activation("y", [1, 1], .s16))
    #expect(try graph.output(of: Array(repeating: -32768, count: count)) == [-32768])
  }
}

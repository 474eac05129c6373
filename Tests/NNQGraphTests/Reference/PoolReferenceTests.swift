import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.2 and 3.3, values by hand.
@Suite struct PoolReferenceTests {
  private let padded = Padding2D(top: 1, left: 1, bottom: 0, right: 0)

  /// The image 1 2 / 3 4 in windows of 2 x 2 with a padding above and left.
  private func average(countIncludePad: Bool, zeroPoint: Int32 = 0, outputZeroPoint: Int32 = 0, multiplier: Int32, shift: Int32) throws
    -> [Int32]
  {
    let pool = AveragePool(
      window: Window(2, 2, padding: padded), countIncludePad: countIncludePad, multiplier: multiplier, shift: shift)
    let graph = Graph(
      .averagePool(pool), [.activation("x", [1, 2, 2, 1], zeroPoint: zeroPoint)],
      .activation("y", [1, 2, 2, 1], zeroPoint: outputZeroPoint))
    return try graph.output(of: [1, 2, 3, 4])
  }

  @Test func maxPoolLeavesPaddingOut() throws {
    let x = Tensor.activation("x", [1, 2, 2, 1], zeroPoint: 200)
    let graph = Graph(.maxPool(Window(2, 2, padding: padded)), [x], .activation("y", [1, 2, 2, 1], zeroPoint: 200))
    #expect(try graph.output(of: [1, 2, 3, 4]) == [1, 2, 3, 4])
  }

  /// Two channels of a 1 x 4 image, windows of 2 every second column.
  /// Means of words, and words of means.
  @Test func averagePoolTakesAndGivesWords() throws {
    let pool = AveragePool(window: Window(1, 2), countIncludePad: true, multiplier: 1 << 20, shift: 20)
    let graph = Graph(.averagePool(pool), [.activation("x", [1, 1, 3, 1], .s16)], .activation("y", [1, 1, 2, 1], .s16))
    #expect(try graph.output(of: [-30000, 10000, 32767]) == [-10000, 21384])
  }

  @Test func maxPoolKeepsChannelsApart() throws {
    let graph = Graph(
      .maxPool(Window(1, 2, stride: Extent2D(height: 1, width: 2))), [.activation("x", [1, 1, 4, 2])], .activation("y", [1, 1, 2, 2]))
    #expect(try graph.output(of: [1, 80, 2, 70, 3, 50, 4, 60]) == [2, 80, 4, 60])
  }

  /// Factor 16 in 16ths: sums 1, 3, 4, 10 over 1, 2, 2 and 4 elements. 2.5 rounds up, as 1.5 does.
  @Test func averagePoolDividesByTheElementsInside() throws {
    #expect(try average(countIncludePad: false, multiplier: 16, shift: 4) == [1, 2, 2, 3])
  }

  /// The same sums over 4: 0.25, 0.75, 1, 2.5.
  @Test func averagePoolDividesByTheWindowWhenPaddingCounts() throws {
    #expect(try average(countIncludePad: true, multiplier: 16, shift: 4) == [0, 1, 1, 3])
  }

  /// m = 5: m_d is 5, (5 + 1) / 2 = 3, (5 + 2) / 4 = 1; with s = 1: (5 + 1) >> 1, (9 + 1) >> 1, (12 + 1) >> 1, (10 + 1) >> 1.
  @Test func multiplierOfAWindowRoundsHalfUp() throws {
    #expect(try average(countIncludePad: false, multiplier: 5, shift: 1) == [3, 5, 6, 5])
  }

  /// Zero points 2 and 100: sums -1, -1, 0, 2 over 1, 2, 2, 4 are -1, -0.5, 0, 0.5 and round up.
  @Test func averagePoolIsRelativeToTheZeroPoints() throws {
    #expect(try average(countIncludePad: false, zeroPoint: 2, outputZeroPoint: 100, multiplier: 16, shift: 4) == [99, 100, 100, 101])
  }

  @Test func averagePoolClampsToBytes() throws {
    #expect(try average(countIncludePad: false, multiplier: Int32.max, shift: 1) == [255, 255, 255, 255])
    #expect(try average(countIncludePad: false, zeroPoint: 255, multiplier: Int32.max, shift: 1) == [0, 0, 0, 0])
  }
}

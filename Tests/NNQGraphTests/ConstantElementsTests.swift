import NNQFormat
import NNQGraph
import TestSupport
import Testing

@Suite struct ConstantElementsTests {
  @Test(arguments: [
    (ElementType.u8, 0, 255), (.s8, -128, 127), (.u16, 0, 65535), (.s16, -32768, 32767), (.s32, Int(Int32.min), Int(Int32.max)),
    (.u32, 0, Int(UInt32.max)),
  ])
  func integersAreThoseGiven(type: ElementType, least: Int, most: Int) {
    let values = [least, most, 0, 1, most / 3]
    let tensor = Tensor.constant("c", type, values)
    #expect(tensor.constant?.bytes.count == 5 * type.byteCount)
    #expect(tensor.integers == values)
  }

  @Test func bytesAreLittleEndian() {
    #expect(Constant([0x1234, -2], as: .s16).bytes == [0x34, 0x12, 0xFE, 0xFF])
  }

  @Test func activationsHaveNoIntegers() {
    #expect(Tensor.activation("x", [1, 2]).integers.isEmpty)
    #expect(Tensor.activation("x", [1, 2]).weightSummary.sums.map(\.total) == [0])
  }

  @Test func sumsWeightsOfEachChannel() {
    let sums = Tensor.constant("w", [3, 2, 2], .s8, [1, -2, 3, -4, 127, 127, 127, 127, 0, 0, 0, 0]).weightSummary.sums
    #expect(sums.map(\.positive) == [4, 508, 0])
    #expect(sums.map(\.negative) == [6, 0, 0])
    #expect(sums.map(\.total) == [-2, 508, 0])
  }

  /// Lengths around the 255 weights that are summed in 16 bits at a time; -128 is the worst case, though it is refused later.
  @Test(arguments: [1, 254, 255, 256, 510, 511, 5000]) func sumsLongChannels(depth: Int) {
    for weight in [-128, -127, 127] {
      let sums = Tensor.constant("w", [2, depth], .s8, Array(repeating: weight, count: 2 * depth)).weightSummary.sums
      #expect(sums.map(\.positive) == Array(repeating: max(weight, 0) * depth, count: 2))
      #expect(sums.map(\.negative) == Array(repeating: max(-weight, 0) * depth, count: 2))
    }
    var random = SeededRandom(seed: UInt64(depth))
    let weights = (0..<depth).map { _ in Int.random(in: -127...127, using: &random) }
    let sums = Tensor.constant("w", [1, depth], .s8, weights).weightSummary.sums
    #expect(sums.map(\.positive) == [weights.reduce(0) { $0 + max($1, 0) }], "seed \(depth)")
    #expect(sums.map(\.negative) == [weights.reduce(0) { $0 - min($1, 0) }], "seed \(depth)")
  }
}

import NNQFormat
import NNQGraph
import Testing

/// matMul and layerNorm. Spec: operators.md 3.17 and 3.18, values by hand.
@Suite struct AttentionReferenceTests {
  /// A factor of 1/2 or, with other shifts, less.
  private func matMul(transposeB: Bool = false, shift: Int32 = 0, _ type: ElementType = .u8) -> NNQGraph.Operation {
    .matMul(
      MatMul(transposeB: transposeB, multiplier: 16384, shift: shift, lo: type == .u8 ? 0 : -32768, hi: type == .u8 ? 255 : 32767))
  }

  /// [[1, 2], [3, 4]] x [[5, -1], [0, 7]] = [[5, 13], [15, 25]]; halves about 100.
  @Test func matMulSumsProductsAboutTheZeroPoints() throws {
    let graph = Graph(
      matMul(), [.activation("a", [1, 2, 2], zeroPoint: 10), .activation("b", [1, 2, 2], zeroPoint: 20)],
      .activation("y", [1, 2, 2], zeroPoint: 100))
    #expect(try graph.output(of: [11, 12, 13, 14], [25, 19, 20, 27]) == [103, 107, 108, 113])
    var transposed = graph
    transposed.nodes[0].operation = matMul(transposeB: true)
    #expect(try transposed.output(of: [11, 12, 13, 14], [25, 20, 19, 27]) == [103, 107, 108, 113])
  }

  /// Rows of a [2, 1] times columns of b [1, 2], for each pair of matrices.
  @Test func matMulRepeatsMatrices() throws {
    let graph = Graph(
      matMul(.s16), [.activation("a", [1, 2, 1, 1, 1]), .activation("b", [1, 1, 3, 1, 1])], .activation("y", [1, 2, 3, 1, 1], .s16))
    #expect(try graph.output(of: [2, 4], [1, 10, 100]) == [1, 10, 100, 2, 20, 200])
  }

  /// 256 * 100 * 3 = 300 * 2^8; what is left over, 127 or 128 of 2^8, is rounded for itself.
  @Test(arguments: [(127, 150), (128, 151)] as [(Int32, Int32)])
  func matMulShiftsBlocksOfS16(rest: Int32, expected: Int32) throws {
    let graph = Graph(
      matMul(), [.activation("a", [1, 1, 257], .s16), .activation("b", [1, 257, 1])], .activation("y", [1, 1, 1]))
    let a = Array(repeating: Int32(100), count: 256) + [rest]
    #expect(try graph.output(of: a, Array(repeating: 3, count: 256) + [1]) == [expected])
  }

  /// The largest sum that 3.17 allows.
  @Test func matMulHoldsTheLongestSum() throws {
    let depth = MatMul.maximumDepth
    let graph = Graph(
      matMul(shift: 22, .s16), [.activation("a", [1, 1, depth]), .activation("b", [1, depth, 1])], .activation("y", [1, 1, 1], .s16))
    let values = Array(repeating: Int32(255), count: depth)
    // 2^15 * 255^2 / 2^22 = 508.008, half of it 254.
    #expect(try graph.output(of: values, values) == [254])
  }

  private func layerNorm(
    _ x: [Int32], _ type: ElementType = .u8, zeroPoint: Int32 = 0, gain: Int = 1 << 13, offset: Int = 0, kind: Bool = true,
    epsilon: Int32 = 0, epsilonShift: Int32 = 0
  ) throws -> [Int32] {
    let norm = LayerNorm(subtractsMean: kind, epsilon: epsilon, epsilonShift: epsilonShift, shift: 20)
    let count = x.count
    let graph = Graph(
      .layerNorm(norm),
      [
        .activation("x", [1, count], type, zeroPoint: zeroPoint), .constant("g", .s16, Array(repeating: gain, count: count)),
        .constant("o", .s32, Array(repeating: offset, count: count)),
      ], .activation("y", [1, count], .s16))
    return try graph.output(of: x)
  }

  /// Gain 2^13 with 20 bits below the point is 256 steps for one deviation.
  @Test func layerNormGivesDeviations() throws {
    #expect(try layerNorm([0, 2]) == [-256, 256])
    #expect(try layerNorm([100, 200]) == [-256, 256])
    // Mean 2, variance 2/3.
    #expect(try layerNorm([1, 2, 3]) == [-314, 0, 314])
    #expect(try layerNorm([-3000, 3000], .s16) == [-256, 256])
    #expect(try layerNorm([-32768, 32767], .s16) == [-256, 256])
    #expect(try layerNorm([0, 2], gain: -1 << 12, offset: 3 << 20) == [131, -125])
  }

  @Test func layerNormOfEqualElementsIsTheOffset() throws {
    #expect(try layerNorm([7, 7, 7], offset: 5 << 20) == [5, 5, 5])
    #expect(try layerNorm([9], .s16) == [0])
  }

  /// Root of the mean square 5 of (1, 7); about the zero point.
  @Test func rmsNormKeepsTheMean() throws {
    #expect(try layerNorm([1, 7], kind: false) == [51, 358])
    #expect(try layerNorm([11, 17], zeroPoint: 10, kind: false) == [51, 358])
    #expect(try layerNorm([-1, 7], .s16, kind: false) == [-51, 358])
  }

  /// n^2 times variance 1 and epsilon 3 make a deviation of 2.
  @Test func epsilonCountsInSquaredSteps() throws {
    #expect(try layerNorm([0, 2], epsilon: 3, epsilonShift: 2) == [-128, 128])
    #expect(try layerNorm([-32768, 32767], .s16, epsilon: Int32.max, epsilonShift: 31) == [0, 0])
  }
}

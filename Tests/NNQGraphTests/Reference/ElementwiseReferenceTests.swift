import NNQFormat
import NNQGraph
import Testing

/// softmax and table. Spec: operators.md 3.4 and 3.5, values by hand.
@Suite struct ElementwiseReferenceTests {
  private func softmax(
    _ x: [Int32], _ type: ElementType = .s16, rows: Int = 1, _ table: Tensor = SoftmaxTable.halving, to output: ElementType = .s16
  ) throws -> [Int32] {
    let shape = [1, rows, x.count / rows]
    let y = Tensor.activation("y", shape, output, scale: output == .u8 ? 0x1p-8 : 0x1p-15)
    return try Graph(.softmax, [.activation("x", shape, type), table], y).output(of: x)
  }

  /// Terms 1, 1/2, 1/2 of 2; and 1, 1/2, 1/4 of 7/4: (2^15 * 4/7, ...) = 18724.6, 9362.3, 4681.1.
  @Test func softmaxSharesTheRow() throws {
    #expect(try softmax([5, 4, 4]) == [16384, 8192, 8192])
    #expect(try softmax([-3, -2, -1]) == [4681, 9362, 18725])
    #expect(try softmax([0, 1, 2], .u8) == [4681, 9362, 18725])
  }

  @Test func softmaxGivesBytesToo() throws {
    #expect(try softmax([5, 4, 4], to: .u8) == [128, 64, 64])
    #expect(try softmax([-3, -2, -1], to: .u8) == [37, 73, 146])
    #expect(try softmax([7], to: .u8) == [255])
  }

  @Test func softmaxOfOneElementSaturates() throws {
    #expect(try softmax([7]) == [32767])
    #expect(try softmax([7, -100]) == [32767, 0])
  }

  @Test func softmaxTreatsRowsApart() throws {
    #expect(try softmax([5, 5, 100, 99, 0, 1], rows: 3) == [16384, 16384, 21845, 10923, 10923, 21845])
  }

  /// Shares of 1 and 2^-15: 32767.00003 and 0.99997; of 1, 1 and 2^-15: 16383.75 twice and 0.499992.
  @Test func softmaxRoundsSharesToTheNearest() throws {
    #expect(try softmax([15, 0]) == [32767, 1])
    #expect(try softmax([15, 15, 0]) == [16384, 16384, 0])
  }

  /// d = 255 + 256 * 255 is the largest distance of s16. A[255] * B[255] / 2^31 = 2^30 makes thirds.
  @Test func softmaxSplitsTheDistanceInTwo() throws {
    var entries = [Int](repeating: 0, count: 512)
    (entries[0], entries[255], entries[256], entries[511]) = (1 << 31, 1 << 31, 1 << 31, 1 << 30)
    let table = Tensor.constant("t", .u32, entries)
    #expect(try softmax([32767, -32768], .s16, rows: 1, table) == [21845, 10923])
    #expect(try softmax([1023, 768], .s16, rows: 1, table) == [21845, 10923])
    #expect(try softmax([1023, 767], .s16, rows: 1, table) == [32767, 0])
  }

  @Test func tableGivesAnyFunctionOfBytes() throws {
    let entries = (0..<256).map { 255 - $0 }
    let graph = Graph(.table, [.activation("x", [1, 3]), .constant("t", .u8, entries)], .activation("y", [1, 3]))
    #expect(try graph.output(of: [0, 1, 255]) == [255, 254, 0])
    let wide = (0..<256).map { ($0 - 128) * 256 }
    let wideGraph = Graph(.table, [.activation("x", [1, 3]), .constant("t", .s16, wide)], .activation("y", [1, 3], .s16))
    #expect(try wideGraph.output(of: [0, 128, 255]) == [-32768, 0, 32512])
  }

  @Test func tableMayDifferByChannel() throws {
    let entries = (0..<256).map { $0 } + (0..<256).map { 255 - $0 }
    let graph = Graph(.table, [.activation("x", [1, 2, 2]), .constant("t", [2, 256], .u8, entries)], .activation("y", [1, 2, 2]))
    #expect(try graph.output(of: [1, 2, 3, 4]) == [1, 253, 3, 251])
  }

  /// Entries at -32768, -32640, ... , 32768; between them 128 parts, rounded.
  @Test func tableOfWordsInterpolates() throws {
    var entries = [Int](repeating: 0, count: 513)
    (entries[0], entries[1], entries[2], entries[511], entries[512]) = (-32768, 32767, 100, -1, 1)
    let graph = Graph(.table, [.activation("x", [1, 6], .s16), .constant("t", .s16, entries)], .activation("y", [1, 6], .s16))
    // -32768 + 65535 / 128 = -32256.008; halfway between 32767 and 100 is 16433.5; -1 + 2 * 127 / 128 = 0.98.
    #expect(try graph.output(of: [-32768, -32767, -32576, -32512, 32640, 32767]) == [-32768, -32256, 16434, 100, -1, 1])
  }

  @Test func tableOfWordsGivesBytesFrom64ths() throws {
    var entries = [Int](repeating: 0, count: 513)
    (entries[0], entries[1], entries[256], entries[257], entries[512]) = (-64, 64, 255 * 64, 256 * 64, 32767)
    let graph = Graph(.table, [.activation("x", [1, 5], .s16), .constant("t", .s16, entries)], .activation("y", [1, 5]))
    // A quarter and three quarters of the way from -1 to 1; 255 and beyond; 32767 * 127 / 128 / 64 is clamped.
    #expect(try graph.output(of: [-32736, -32672, 0, 64, 32767]) == [0, 1, 255, 255, 255])
  }
}

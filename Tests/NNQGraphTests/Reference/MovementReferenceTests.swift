import NNQFormat
import NNQGraph
import Testing

/// pad, slice, reshape, concat, transpose, take, resize and gather. Spec: operators.md 3.6 to 3.12 and 3.19.
@Suite struct MovementReferenceTests {
  private func run(_ operation: NNQGraph.Operation, _ x: [Int32], _ shape: [Int], y: [Int], zeroPoint: Int32 = 0) throws -> [Int32] {
    let graph = Graph(operation, [.activation("x", shape, zeroPoint: zeroPoint)], .activation("y", y, zeroPoint: zeroPoint))
    return try graph.output(of: x)
  }

  @Test func padFillsWhatItAdds() throws {
    let y = try run(.pad(before: [0, 1, 0], after: [0, 0, 2], fill: 9), [1, 2, 3, 4], [1, 2, 2], y: [1, 3, 4], zeroPoint: 5)
    #expect(y == [9, 9, 9, 9, 1, 2, 9, 9, 3, 4, 9, 9])
  }

  /// Rows 1 and 3 of four, columns 0 and 2 of three.
  @Test func sliceStepsThroughEachAxis() throws {
    let y = try run(.slice(begin: [0, 1, 0], step: [1, 2, 2]), Array(0..<12), [1, 4, 3], y: [1, 2, 2])
    #expect(y == [3, 5, 9, 11])
  }

  @Test func reshapeKeepsTheOrder() throws {
    #expect(try run(.reshape, [1, 2, 3, 4, 5, 6], [1, 2, 3], y: [1, 3, 2, 1]) == [1, 2, 3, 4, 5, 6])
  }

  @Test func concatJoinsOperandsInOrder() throws {
    let (a, b, c) = (Tensor.activation("a", [1, 2, 1]), Tensor.activation("b", [1, 2, 2]), Tensor.activation("c", [1, 2, 1]))
    let graph = Graph(.concat(axis: 2), [a, b, c], .activation("y", [1, 2, 4]))
    #expect(try graph.output(of: [1, 2], [3, 4, 5, 6], [7, 8]) == [1, 3, 4, 7, 2, 5, 6, 8])
  }

  @Test func concatJoinsRows() throws {
    let graph = Graph(
      .concat(axis: 1), [.activation("a", [1, 1, 2], .s16), .activation("b", [1, 2, 2], .s16)], .activation("y", [1, 3, 2], .s16))
    #expect(try graph.output(of: [-1, 2], [3, -4, 5, 6]) == [-1, 2, 3, -4, 5, 6])
  }

  @Test func transposePutsAxesInAnotherOrder() throws {
    let y = try run(.transpose(permutation: [0, 2, 1]), [1, 2, 3, 4, 5, 6], [1, 2, 3], y: [1, 3, 2])
    #expect(y == [1, 4, 2, 5, 3, 6])
    let moved = try run(.transpose(permutation: [0, 2, 3, 1]), Array(0..<12), [1, 2, 2, 3], y: [1, 2, 3, 2])
    #expect(moved == [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11])
  }

  @Test func takeGathersAlongAnAxis() throws {
    let graph = Graph(
      .take(axis: 1), [.activation("x", [1, 3, 2]), .constant("t", .u32, [2, 0, 0, 1])], .activation("y", [1, 4, 2]))
    #expect(try graph.output(of: [1, 2, 3, 4, 5, 6]) == [5, 6, 1, 2, 1, 2, 3, 4])
  }

  /// Numbers beyond the table take its first and its last row.
  @Test func gatherLooksRowsUp() throws {
    let graph = Graph(
      .gather, [.activation("x", [1, 4], .s32), .constant("t", [3, 2], .s16, [1, 2, -3, 4, 5, 600])],
      .activation("y", [1, 4, 2], .s16))
    #expect(try graph.output(of: [1, 0, 7, -7]) == [-3, 4, 1, 2, 5, 600, 1, 2])
  }

  /// Rows at 0, 1/4 and 1; columns at 0, 1/2 and 1 of a picture of 2 x 2 pixels.
  @Test func resizeBlendsNeighbours() throws {
    let graph = Graph(
      .resize, [.activation("x", [1, 2, 2, 1]), .constant("h", .u32, [0, 64, 256]), .constant("w", .u32, [0, 128, 256])],
      .activation("y", [1, 3, 3, 1]))
    // Halves are rounded up: 0.5 to 1, 50.5 to 51.
    #expect(try graph.output(of: [0, 1, 200, 201]) == [0, 1, 1, 50, 51, 51, 200, 201, 201])
  }

  @Test func resizeStaysWithin32BitsAtTheEnds() throws {
    let graph = Graph(
      .resize, [.activation("x", [1, 1, 2, 1], .s16), .constant("h", .u32, [0]), .constant("w", .u32, [0, 128, 256])],
      .activation("y", [1, 1, 3, 1], .s16))
    #expect(try graph.output(of: [-32768, -32768]) == [-32768, -32768, -32768])
    #expect(try graph.output(of: [32767, 32767]) == [32767, 32767, 32767])
    #expect(try graph.output(of: [-3, 0]) == [-3, -1, 0])
  }

  @Test func concatMayRepeatAnOperand() throws {
    var graph = Graph(.concat(axis: 1), [.activation("a", [1, 2])], .activation("y", [1, 4]))
    graph.nodes[0].inputs = [0, 0]
    #expect(try graph.output(of: [1, 2]) == [1, 2, 1, 2])
  }
}

import NNQFormat
import NNQGraph
import Testing

/// pad, slice, reshape and concat. Spec: operators.md 3.6 to 3.9.
@Suite struct MovementReferenceTests {
  private func run(_ operation: NNQGraph.Operation, _ x: [Int32], _ shape: [Int], y: [Int], zeroPoint: Int32 = 0) throws -> [Int32] {
    let graph = Graph(operation, [.activation("x", shape, zeroPoint: zeroPoint)], .activation("y", y, zeroPoint: zeroPoint))
    return try graph.output(of: x)
  }

  @Test func padFillsWithTheZeroPoint() throws {
    let y = try run(.pad(before: [0, 1, 0], after: [0, 0, 2]), [1, 2, 3, 4], [1, 2, 2], y: [1, 3, 4], zeroPoint: 9)
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

  @Test func concatMayRepeatAnOperand() throws {
    var graph = Graph(.concat(axis: 1), [.activation("a", [1, 2])], .activation("y", [1, 4]))
    graph.nodes[0].inputs = [0, 0]
    #expect(try graph.output(of: [1, 2]) == [1, 2, 1, 2])
  }
}

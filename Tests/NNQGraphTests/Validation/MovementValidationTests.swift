import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 3.6 to 3.12.
@Suite struct MovementValidationTests {
  private let shapes = Refusal(.shapeMismatch, at: "y")
  private let ranges = Refusal(.attributeRange, at: "y")
  private let x = Tensor.activation("x", [1, 4, 2])

  private func refusal(_ operation: NNQGraph.Operation, _ y: Tensor) -> Refusal? { Graph(operation, [x], y).refusal }

  @Test(arguments: [
    NNQGraph.Operation.pad(before: [0, 0, 0], after: [0, 0, 0], fill: 0), .slice(begin: [0, 0, 0], step: [1, 1, 1]), .reshape,
  ])
  func movesOneActivationAsItIs(_ operation: NNQGraph.Operation) {
    let wide = Tensor.activation("x", [1, 4, 2], .s16)
    let y = Tensor.activation("y", [1, 4, 2])
    #expect(refusal(operation, y) == nil)
    #expect(Graph(operation, [wide], .activation("y", [1, 4, 2], .s16)).refusal == nil)
    #expect(Graph(operation, [x, .activation("x2", [1, 1])], y).refusal == Refusal(.operandCount, at: "y"))
    #expect(Graph(operation, [.constant("x", [1, 4, 2], .u8, Array(0..<8))], y).refusal == Refusal(.operandType, at: "y"))
    for other in [wide, .activation("x", [1, 4, 2], scale: 2), .activation("x", [1, 4, 2], zeroPoint: 1)] {
      #expect(Graph(operation, [other], y).refusal == Refusal(.quantizationMismatch, at: "y"))
    }
  }

  @Test func padGrowsEachAxisButTheBatch() {
    #expect(refusal(.pad(before: [0, 1, 0], after: [0, 2, 3], fill: 0), .activation("y", [1, 7, 5])) == nil)
    #expect(refusal(.pad(before: [0, 1, 0], after: [0, 2, 3], fill: 0), .activation("y", [1, 7, 4])) == shapes)
    #expect(refusal(.pad(before: [1, 0, 0], after: [0, 0, 0], fill: 0), .activation("y", [1, 4, 2])) == ranges)
    #expect(refusal(.pad(before: [0, 0, 0], after: [1, 0, 0], fill: 0), .activation("y", [1, 4, 2])) == ranges)
  }

  @Test func sliceStaysWithinTheInput() {
    func sliced(_ begin: Int, _ step: Int, _ extent: Int) -> Refusal? {
      refusal(.slice(begin: [0, begin, 0], step: [1, step, 1]), .activation("y", [1, extent, 2]))
    }
    #expect(sliced(1, 2, 2) == nil)
    #expect(sliced(3, Int(Int32.max), 1) == nil)
    #expect(sliced(2, 2, 2) == ranges)
    #expect(sliced(4, 1, 1) == ranges)
    #expect(sliced(Int(Int32.max), Int(Int32.max), 4) == ranges)
  }

  @Test func sliceTakesTheBatchWhole() {
    #expect(refusal(.slice(begin: [1, 0, 0], step: [1, 1, 1]), .activation("y", [1, 4, 2])) == ranges)
    #expect(refusal(.slice(begin: [0, 0, 0], step: [2, 1, 1]), .activation("y", [1, 4, 2])) == ranges)
    #expect(refusal(.slice(begin: [0, 0, 0], step: [1, 1, 1]), .activation("y", [1, 4])) == shapes)
  }

  @Test func reshapeKeepsTheElementCount() {
    #expect(refusal(.reshape, .activation("y", [1, 8])) == nil)
    #expect(refusal(.reshape, .activation("y", [1, 7])) == shapes)
  }

  @Test func concatJoinsAlongOneAxis() {
    func joined(_ axis: Int, _ other: Tensor, _ y: [Int]) -> Refusal? {
      Graph(.concat(axis: axis), [x, other], .activation("y", y)).refusal
    }
    #expect(joined(1, .activation("x2", [1, 1, 2]), [1, 5, 2]) == nil)
    #expect(joined(2, .activation("x2", [1, 4, 7]), [1, 4, 9]) == nil)
    #expect(joined(2, .activation("x2", [1, 1, 2]), [1, 4, 4]) == shapes, "another axis differs")
    #expect(joined(1, .activation("x2", [1, 1, 2]), [1, 4, 2]) == shapes, "the output is too small")
    #expect(joined(1, .activation("x2", [1, 2]), [1, 5, 2]) == shapes, "another rank")
    #expect(joined(1, .activation("x2", [1, 1, 2]), [1, 10]) == shapes, "another rank of the output")
    #expect(joined(3, .activation("x2", [1, 4, 2]), [1, 4, 4]) == ranges)
  }

  @Test func concatTakesTwoOrMoreOfOneQuantization() {
    let refused = Refusal(.quantizationMismatch, at: "y")
    #expect(refusal(.concat(axis: 1), .activation("y", [1, 4, 2])) == Refusal(.operandCount, at: "y"))
    for other in [
      Tensor.activation("x2", [1, 1, 2], .s16), .activation("x2", [1, 1, 2], scale: 2), .activation("x2", [1, 1, 2], zeroPoint: 1),
      .constant("x2", [1, 1, 2], .u8, [1, 2]),
    ] {
      #expect(Graph(.concat(axis: 1), [x, other], .activation("y", [1, 5, 2])).refusal == refused)
    }
  }

  @Test func transposeNamesEachAxisOnceTheBatchFirst() {
    #expect(refusal(.transpose(permutation: [0, 2, 1]), .activation("y", [1, 2, 4])) == nil)
    #expect(refusal(.transpose(permutation: [0, 2, 1]), .activation("y", [1, 4, 2])) == shapes)
    #expect(refusal(.transpose(permutation: [1, 0, 2]), .activation("y", [1, 4, 2])) == ranges)
    #expect(refusal(.transpose(permutation: [0, 1, 1]), .activation("y", [1, 4, 4])) == ranges)
    #expect(refusal(.transpose(permutation: [0, 1, 3]), .activation("y", [1, 4, 2])) == ranges)
    #expect(refusal(.transpose(permutation: [0, 1]), .activation("y", [1, 4])) == Refusal(.attributeCount, at: "y"))
  }

  private func taken(_ axis: Int, _ indices: Tensor, _ y: [Int]) -> Refusal? {
    Graph(.take(axis: axis), [x, indices], .activation("y", y)).refusal
  }

  @Test func takeStaysWithinTheInput() {
    #expect(taken(1, .constant("t", .u32, [3, 0, 3]), [1, 3, 2]) == nil)
    #expect(taken(2, .constant("t", .u32, [1]), [1, 4, 1]) == nil)
    #expect(taken(1, .constant("t", .u32, [4]), [1, 1, 2]) == Refusal(.constantRange, at: "y"))
    #expect(taken(3, .constant("t", .u32, [0]), [1, 4, 2]) == ranges)
    #expect(taken(1, .constant("t", .u32, [0, 1]), [1, 4, 2]) == shapes)
    #expect(taken(1, .constant("t", [1, 1], .u32, [0]), [1, 1, 2]) == shapes)
    #expect(taken(1, .constant("t", .s32, [0]), [1, 1, 2]) == Refusal(.operandType, at: "y"))
    #expect(refusal(.take(axis: 1), .activation("y", [1, 4, 2])) == Refusal(.operandCount, at: "y"))
  }

  private func gathered(
    _ x: Tensor = .activation("x", [1, 4], .s32), _ table: Tensor = .constant("t", [2, 3], .u8, [1, 2, 3, 4, 5, 6]),
    _ y: Tensor = .activation("y", [1, 4, 3])
  ) -> Refusal? {
    Graph(.gather, [x, table], y).refusal
  }

  @Test func gatherReadsRowsOfATable() {
    #expect(gathered() == nil)
    #expect(gathered(.activation("x", [1, 4])) == Refusal(.operandType, at: "y"))
    #expect(gathered(.activation("x", [1, 4], .s32, scale: 2)) == Refusal(.quantizationMismatch, at: "x"))
    #expect(gathered(.activation("x", [1, 4], .s32, zeroPoint: 1)) == Refusal(.quantizationMismatch, at: "x"))
    let table = Tensor.constant("t", [2, 3], .s16, [1, 2, 3, 4, 5, 6])
    #expect(gathered(.activation("x", [1, 4], .s32), table) == Refusal(.operandType, at: "y"))
    #expect(gathered(.activation("x", [1, 4], .s32), table, .activation("y", [1, 4, 3], .s16)) == nil)
    #expect(gathered(.activation("x", [1, 4], .s32), .constant("t", .u8, [1])) == shapes)
    #expect(gathered(.activation("x", [1, 5], .s32)) == shapes)
  }

  /// [O40]
  @Test func integersAreInputsThatGatherReads() {
    var graph = Graph(
      .gather, [.activation("x", [1, 4], .s32), .constant("t", [2, 3], .u8, [1, 2, 3, 4, 5, 6])], .activation("y", [1, 4, 3]))
    graph.outputs.append(graph.inputs[0])
    #expect(graph.refusal == Refusal(.operandType, at: "x"), "an output")
    #expect(Graph(.reshape, [.activation("x", [1, 4], .s32)], .activation("y", [1, 4])).refusal == Refusal(.operandType, at: "y"))
    let computed = Graph(.reshape, [.activation("x", [1, 4])], .activation("y", [1, 4], .s32))
    #expect(computed.refusal == Refusal(.operandType, at: "y"))
  }

  @Test func resizeTakesPlacesWithinThePicture() {
    func resized(_ rows: [Int], _ columns: [Int], x: [Int] = [1, 3, 2, 5], _ y: [Int], scale: Float = 1) -> Refusal? {
      let operands = [Tensor.activation("x", x), .constant("h", .u32, rows), .constant("w", .u32, columns)]
      return Graph(.resize, operands, .activation("y", y, scale: scale)).refusal
    }
    #expect(resized([0, 512], [256, 1, 0], [1, 2, 3, 5]) == nil)
    #expect(resized([513], [0], [1, 1, 1, 5]) == Refusal(.constantRange, at: "y"))
    #expect(resized([0], [257], [1, 1, 1, 5]) == Refusal(.constantRange, at: "y"))
    #expect(resized([0], [0], [1, 1, 1, 4]) == shapes)
    #expect(resized([0], [0], x: [1, 3, 2], [1, 1, 1]) == shapes)
    #expect(resized([0], [0], [1, 1, 1, 5], scale: 2) == Refusal(.quantizationMismatch, at: "y"))
  }
}

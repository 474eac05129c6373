import NNQFloat
import Testing

@testable import NNQONNX

/// Where with a constant condition.
@Suite struct WhereTests {
  private static let condition = TestTensor.booleans("c", [1, 3], [true, false, true])
  private static let lowest = TestTensor.floats("low", [], [-Float.infinity])

  @Test func masksAValue() throws {
    let graph = try graph(TestNode("Where", ["c", "x", "low"]), x: [1, 2, 3], [Self.condition, Self.lowest])
    #expect(graph.operations == [.binary(.mul), .binary(.add)])
    #expect(graph.constant("y.first.mask") == [1, 0, 1])
    #expect(graph.constant("y.second") == [0, -.infinity, 0])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4, 5, 6]]) == [[1, -.infinity, 3, 4, -.infinity, 6]])
  }

  @Test func choosesBetweenValues() throws {
    let graph = try graph(TestNode("Where", ["c", "x", "x"]), x: [1, 3], [Self.condition])
    #expect(graph.operations == [.binary(.mul), .binary(.mul), .binary(.add)])
    #expect(graph.constant("y.second.mask") == [0, 1, 0])
  }

  @Test(arguments: [true, false]) func aConditionThatIsAllAlikeChoosesAnOperand(isTrue: Bool) throws {
    let condition = TestTensor.booleans("c", [1], [isTrue])
    let node = TestNode("Where", isTrue ? ["c", "x", "low"] : ["c", "low", "x"])
    #expect(try graph(node, x: [1, 3], [condition, Self.lowest]).operations == [.reshape], "an output under another name")
  }

  @Test func aChosenOperandMayHaveToRepeat() throws {
    let condition = TestTensor.booleans("c", [1, 2, 3], [Bool](repeating: true, count: 6))
    let graph = try graph(TestNode("Where", ["c", "x", "low"]), x: [1, 1, 3], [condition, Self.lowest])
    #expect(graph.outputShapes == [[1, 2, 3]])
  }

  @Test func refusesOtherConditions() {
    let computed = Refusal(
      .unsupportedOperand, at: Place("Where", "node"), "operand 0 is computed by the net, only a constant is supported",
      remedy: "simplify the model, or export it with static shapes")
    #expect(refusals(TestNode("Where", ["x", "x", "x"]), x: [1, 3]) == [computed])
    let floats = Refusal(.invalidOperand, at: Place("Where", "node"), "operand 0 holds floats, expected booleans")
    #expect(refusals(TestNode("Where", ["low", "x", "x"]), x: [1, 3], [Self.lowest]) == [floats])
  }
}

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

  /// The model Where(x == 0, a, b).
  private func chosen(_ a: String, _ b: String, _ x: [Float]) throws -> [Float] {
    let nodes = [
      TestNode("Equal", ["x", "zero"], ["isZero"]), TestNode("Reciprocal", ["x"], ["r"]), TestNode("Where", ["isZero", a, b]),
    ]
    var model = TestModel(nodes: nodes, inputs: [TestInput("x", [1, x.count])], outputs: ["y"])
    model.initializers = [.floats("zero", [], [0]), .floats("seven", [], [7]), .floats("zeros", [1, 3], [0, 0, 0])]
    return try FloatExecutor(model.imported().graph).run(inputs: [x])[0]
  }

  @Test func aComputedConditionMasks() throws {
    #expect(try chosen("zero", "r", [0, 2, -4]) == [0, 0.5, -0.25], "where no infinite element shows")
    #expect(try chosen("r", "zero", [0, 2, -4]) == [.infinity, 0, 0])
    #expect(try chosen("x", "r", [0, 2, -4]) == [0, 0.5, -0.25])
    #expect(try chosen("seven", "x", [0, 2, -4]) == [7, 2, -4])
    #expect(try chosen("seven", "zeros", [0]) == [7, 7, 7], "zeros that give the result its shape are no part to leave out")
  }

  @Test func refusesOtherConditions() {
    let floats = Refusal(.invalidOperand, at: Place("Where", "node"), "operand 0 holds floats, expected booleans")
    #expect(refusals(TestNode("Where", ["low", "x", "x"]), x: [1, 3], [Self.lowest]) == [floats])
  }
}

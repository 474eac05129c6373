import NNQFloat
import Testing

@testable import NNQONNX

/// Operator sets before 7.
@Suite struct LegacyTests {
  @Test func alignsSecondOperandAtAxis() throws {
    let node = TestNode("Add", ["x", "c"], ["y"], ["axis": 1, "broadcast": 1])
    let graph = try graph(node, x: [1, 2, 2], [.floats("c", [2], [10, 20])], opset: 6)
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4]]) == [[11, 12, 23, 24]])
    let whole = TestNode("Mul", ["x", "c"], ["y"], ["broadcast": 1])
    #expect(try self.graphOf(whole, opset: 6).outputShapes == [[1, 2, 2]])
  }

  private func graphOf(_ node: TestNode, opset: Int64) throws -> FloatGraph {
    try graph(node, x: [1, 2, 2], [.floats("c", [2], [10, 20])], opset: opset)
  }

  @Test func givesPReluASlopeForEachChannel() throws {
    let graph = try graphOf(TestNode("PRelu", ["x", "c"]), opset: 6)
    #expect(try FloatExecutor(graph).run(inputs: [[-1, 1, -1, 1]]) == [[-10, 1, -20, 1]])
  }

  @Test func refusesAxisThatLeavesNoRoom() {
    let node = TestNode("Add", ["x", "c"], ["y"], ["axis": 2, "broadcast": 1])
    let expected = Refusal(
      .invalidAttribute, at: Place("Add", "node", attribute: "axis"), "operand 1 of shape [2, 2] at axis 2 of 3 axes")
    #expect(refusals(node, x: [1, 2, 2], [.counting("c", [2, 2])], opset: 6) == [expected])
  }

  @Test func ignoresWhatMattersToTrainingAlone() throws {
    let node = TestNode("Dropout", ["x"], ["y"], ["is_test": 1, "ratio": 0.5])
    #expect(try graph(node, x: [1, 2], opset: 6).outputShapes == [[1, 2]])
    let expected = Refusal(
      .unsupportedAttribute, at: Place("Dropout", "node", attribute: "is_test"), "the attribute is not supported",
      remedy: "export the net without it")
    #expect(refusals(node, x: [1, 2], opset: 7) == [expected])
  }

  @Test func readsShapesAndAxesOfTheFirstSets() throws {
    let reshape = TestNode("Reshape", ["x"], ["y"], ["shape": [1, 4]])
    #expect(try graph(reshape, x: [1, 2, 2], opset: 1).outputShapes == [[1, 4]])
    #expect(try graph(TestNode("Concat", ["x", "x"]), x: [1, 2, 2], opset: 1).outputShapes == [[1, 4, 2]])
  }
}

import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct SplitTests {
  private let place = Place("Split", "node")

  private func model(_ node: TestNode, x: [Int], _ initializers: [TestTensor] = [], opset: Int64) -> TestModel {
    let outputs = node.outputs.filter { !$0.isEmpty }
    var model = TestModel(nodes: [node], initializers: initializers, inputs: [TestInput("x", x)], outputs: outputs)
    model.opsets = [("", opset)]
    return model
  }

  private func slice(_ begin: Int) -> FloatOperation { .slice(begin: [0, begin], step: [1, 1]) }

  @Test func slicesByTheNamedExtents() throws {
    let attribute = TestNode("Split", ["x"], ["a", "b"], ["axis": 1, "split": [2, 4]])
    let old = try model(attribute, x: [1, 6], opset: 11).imported().graph
    #expect(old.operations == [slice(0), slice(2)])
    #expect(old.outputShapes == [[1, 2], [1, 4]])
    #expect(old.outputs.map { old.values[$0].name } == ["a", "b"])
    let operand = TestNode("Split", ["x", "s"], ["a", "b"], ["axis": -1])
    #expect(try model(operand, x: [1, 6], [.integers("s", [2, 4])], opset: 13).imported().graph == old)
  }

  @Test func sharesAnAxisEvenly() throws {
    let even = TestNode("Split", ["x"], ["a", "b", "c"], ["axis": 1])
    #expect(try model(even, x: [1, 6], opset: 13).imported().graph.outputShapes == [[1, 2], [1, 2], [1, 2]])
    let uneven = TestNode("Split", ["x"], ["a", "b"], ["axis": 1, "num_outputs": 2])
    #expect(try model(uneven, x: [1, 5], opset: 18).imported().graph.outputShapes == [[1, 3], [1, 2]])
  }

  @Test func leavesOutWhatNothingUses() throws {
    let node = TestNode("Split", ["x"], ["", "b"], ["axis": 1])
    var model = model(node, x: [1, 4], opset: 13)
    model.nodes[0].outputs[0] = "unused"
    #expect(try model.imported().graph.operations == [slice(2)])
  }

  @Test func refusesExtentsThatDoNotAddUp() {
    let sum = Refusal(.invalidOperand, at: place, "it splits 6 elements into [2, 3] for 1 outputs")
    #expect(refusals(TestNode("Split", ["x", "s"], ["y"], ["axis": 1]), x: [1, 6], [.integers("s", [2, 3])]) == [sum])
    let count = Refusal(.invalidAttribute, at: Place("Split", "node", attribute: "num_outputs"), "it differs from the 1 outputs")
    #expect(refusals(TestNode("Split", ["x"], ["y"], ["axis": 1, "num_outputs": 2]), x: [1, 6], opset: 18) == [count])
    let odd = Refusal(.invalidShape, at: place, "5 elements do not split into 2 parts")
    #expect(refusals(TestNode("Split", ["x"], ["y", "z"], ["axis": 1]), x: [1, 5], opset: 13) == [odd])
  }
}

import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct SoftmaxTests {
  @Test func takesSoftmaxOverOneAxisFromOpset13() throws {
    #expect(try graph(TestNode("Softmax", ["x"]), x: [1, 2, 3], opset: 13).operations == [.softmax(axis: 2)])
    #expect(try graph(TestNode("Softmax", ["x"], ["y"], ["axis": 1]), x: [1, 2, 3], opset: 13).operations == [.softmax(axis: 1)])
    #expect(try graph(TestNode("Softmax", ["x"], ["y"], ["axis": -2]), x: [1, 2, 3], opset: 13).operations == [.softmax(axis: 1)])
  }

  @Test func takesSoftmaxOverAllAxesFromOneOnBeforeOpset13() throws {
    let graph = try graph(TestNode("Softmax", ["x"]), x: [1, 2, 3], opset: 12)
    #expect(graph.operations == [.reshape, .softmax(axis: 1), .reshape])
    #expect(graph.values.map(\.shape) == [[1, 2, 3], [1, 6], [1, 6], [1, 2, 3]])
    let last = try NNQONNXTests.graph(TestNode("Softmax", ["x"], ["y"], ["axis": 2]), x: [1, 2, 3], opset: 12)
    #expect(last.operations == [.softmax(axis: 2)])
  }

  @Test func refusesAxisOutOfRange() {
    let expected = Refusal(.invalidAttribute, at: Place("Softmax", "node", attribute: "axis"), "axis 3 of a tensor with 3 axes")
    #expect(refusals(TestNode("Softmax", ["x"], ["y"], ["axis": 3]), x: [1, 2, 3]) == [expected])
  }
}

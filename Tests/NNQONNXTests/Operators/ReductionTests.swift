import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ReductionTests {
  /// Of [[[1, 2], [3, 4]]] over the last axis, kept.
  @Test(
    arguments: [
      ("ReduceL1", [3, 7]), ("ReduceL2", [2.236_068, 5]), ("ReduceLogSum", [1.098_612, 1.945_910]),
      ("ReduceLogSumExp", [2.313_262, 4.313_262]), ("ReduceMax", [2, 4]), ("ReduceMean", [1.5, 3.5]), ("ReduceMin", [1, 3]),
      ("ReduceSum", [3, 7]), ("ReduceSumSquare", [5, 25]),
    ] as [(String, [Double])])
  func computes(opType: String, expected: [Double]) throws {
    let graph = try graph(TestNode(opType, ["x"], ["y"], ["axes": [-1]]), x: [1, 2, 2])
    #expect(graph.outputShapes == [[1, 2, 1]])
    let result = try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4]])[0]
    for (value, wanted) in zip(result, expected) { #expect(abs(Double(value) - wanted) < 1e-5, "\(opType)") }
  }

  private func shapeAndOperations(
    _ attributes: [String: TestAttribute], axes: [Int64]? = nil, x: [Int] = [1, 2, 3, 4]
  ) throws -> (shape: [Int], operations: [FloatOperation]) {
    let node = TestNode("ReduceSum", ["x"] + (axes == nil ? [] : ["axes"]), ["y"], attributes)
    let graph = try graph(node, x: x, axes.map { [.integers("axes", $0)] } ?? [], opset: axes == nil ? 11 : 18)
    return (graph.outputShapes[0], graph.operations)
  }

  @Test func readsAxesFromAttributeOrOperand() throws {
    #expect(try shapeAndOperations(["axes": [3, 1]]) == ([1, 1, 3, 1], [.reduce(.sum, axes: [1, 3])]))
    #expect(try shapeAndOperations([:], axes: [-2]) == ([1, 2, 1, 4], [.reduce(.sum, axes: [2])]))
    #expect(try shapeAndOperations([:]) == ([1, 1, 1, 1], [.reduce(.sum, axes: [0, 1, 2, 3])]))
  }

  @Test func dropsTheAxesWithoutKeepdims() throws {
    #expect(try shapeAndOperations(["axes": [2], "keepdims": 0]) == ([1, 2, 4], [.reduce(.sum, axes: [2]), .reshape]))
  }

  @Test func emptyAxesAreAllOrNone() throws {
    #expect(try shapeAndOperations(["keepdims": 0], axes: []) == ([], [.reduce(.sum, axes: [0, 1, 2, 3]), .reshape]))
    let graph = try graph(
      TestNode("ReduceSum", ["x", "axes"], ["y"], ["noop_with_empty_axes": 1]), x: [1, 2], [.integers("axes", [])], opset: 18)
    #expect(graph.operations == [.reshape], "a copy, for the output has a name")
  }

  @Test func refusesAxesOutOfRangeOrTwice() {
    let place = Place("ReduceSum", "node", attribute: "axes")
    #expect(
      refusals(TestNode("ReduceSum", ["x"], ["y"], ["axes": [4]]), x: [1, 2, 3, 4], opset: 11)
        == [Refusal(.invalidAttribute, at: place, "axis 4 of a tensor with 4 axes")])
    #expect(
      refusals(TestNode("ReduceSum", ["x"], ["y"], ["axes": [1, -3]]), x: [1, 2, 3, 4], opset: 11)
        == [Refusal(.invalidAttribute, at: place, "axis 1 occurs twice")])
  }

  @Test func constantsAreFolded() throws {
    func folded(_ opType: String, _ tensor: HostTensor, _ attributes: [String: TestAttribute] = [:]) throws -> HostTensor? {
      try NNQONNXTests.folded(TestNode(opType, ["x"], ["y"], attributes), [tensor], opset: 11)
    }
    let shape = HostTensor.integers([2, 3, 4, 5], shape: [2, 2])
    #expect(try folded("ReduceProd", shape) == .integers([120], shape: [1, 1]))
    #expect(try folded("ReduceProd", shape, ["axes": [0], "keepdims": 0]) == .integers([8, 15]))
    #expect(try folded("ReduceSum", shape, ["axes": [1]]) == .integers([5, 9], shape: [2, 1]))
    #expect(try folded("ReduceMax", shape, ["keepdims": 0]) == .integers([5], shape: []))
    #expect(try folded("ReduceMean", .floats([1, 2, 6])) == .floats([3]))
    #expect(throws: Refusal(.invalidOperand, at: Place("ReduceProd", "node"), "it overflows")) {
      _ = try folded("ReduceProd", .integers([1 << 40, 1 << 40]))
    }
  }

  @Test func noElementsReduceToWhatChangesNothing() throws {
    func folded(_ opType: String, _ tensor: HostTensor) throws -> HostTensor? {
      try NNQONNXTests.folded(TestNode(opType, ["x"], ["y"], ["axes": [1]]), [tensor], opset: 11)
    }
    let none = HostTensor.floats([], shape: [1, 0])
    let values: [(String, Float)] = [("Sum", 0), ("Prod", 1), ("Max", -.infinity), ("Min", .infinity)]
    for (name, value) in values { #expect(try folded("Reduce" + name, none) == .floats([value], shape: [1, 1])) }
    #expect(try folded("ReduceProd", .integers([], shape: [2, 0])) == .integers([1, 1], shape: [2, 1]))
    let expected = Refusal(.invalidOperand, at: Place("ReduceMean", "node"), "it reduces no elements of floats")
    #expect(throws: expected) { try folded("ReduceMean", none) }
  }

  @Test func refusesProductsOfComputedElements() {
    let reason = "the product of computed elements is not supported, only that of constants"
    #expect(
      refusals(TestNode("ReduceProd", ["x"]), x: [1, 2]) == [Refusal(.unsupportedOperand, at: Place("ReduceProd", "node"), reason)])
  }

  @Test func logSoftmaxOverflowsNowhere() throws {
    let graph = try graph(TestNode("LogSoftmax", ["x"]), x: [1, 3])
    let result = try FloatExecutor(graph).run(inputs: [[0, 1000, 1000]])[0]
    for (value, wanted) in zip(result, [-1000.693_1, -0.693_147, -0.693_147]) { #expect(abs(Double(value) - wanted) < 1e-3) }
  }
}

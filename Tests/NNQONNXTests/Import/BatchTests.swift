import NNQFloat
import Testing

@testable import NNQONNX

/// Nets whose inputs fix the batch at more than 1.
@Suite struct BatchTests {
  private func graph(
    _ nodes: [TestNode], _ initializers: [TestTensor] = [], x: [Int] = [4, 3, 2]
  ) throws -> FloatGraph {
    try TestModel(nodes: nodes, initializers: initializers, inputs: [TestInput("x", x)], outputs: ["y"]).imported().graph
  }

  private func refusal(_ operation: String, _ node: String) -> ImportError {
    .refused([
      Refusal(
        .batchAxis, at: Place(operation, node), "it moves, joins or computes across the batch axis, fixed at 4",
        remedy: "export the net with batch 1")
    ])
  }

  @Test func makesFixedBatchOne() throws {
    let nodes = [
      TestNode("Reshape", ["x", "shape"], ["flat"]), TestNode("Gemm", ["flat", "w"], ["d"]), TestNode("Relu", ["d"], ["y"]),
    ]
    let graph = try graph(nodes, [.integers("shape", [4, -1]), .counting("w", [6, 4])])
    #expect(graph.values.filter { $0.constant == nil }.map(\.shape) == [[1, 3, 2], [1, 6], [1, 4], [1, 4]])
    try graph.validate()
  }

  @Test func cutsConstantsThatRepeatForEachItem() throws {
    let repeated = TestTensor.floats("c", [4, 1, 2], [1, 2, 1, 2, 1, 2, 1, 2])
    let added = try graph([TestNode("Add", ["x", "c"])], [repeated])
    #expect(added.outputShapes == [[1, 3, 2]])
    #expect(added.constant("c.item") == [1, 2])
    let different = TestTensor.counting("c", [4, 1, 2])
    #expect(throws: refusal("add", "node")) { try graph([TestNode("Add", ["x", "c"])], [different]) }
  }

  @Test func refusesWhatMovesOrJoinsTheBatch() throws {
    #expect(throws: refusal("transpose", "node")) { try graph([TestNode("Transpose", ["x"], ["y"], ["perm": [1, 0, 2]])]) }
    #expect(throws: refusal("softmax", "node")) { try graph([TestNode("Softmax", ["x"], ["y"], ["axis": 0])]) }
    #expect(throws: refusal("concat", "node")) { try graph([TestNode("Concat", ["x", "x"], ["y"], ["axis": 0])]) }
    let shape = TestTensor.integers("shape", [-1, 2])
    #expect(throws: refusal("reshape", "node")) { try graph([TestNode("Reshape", ["x", "shape"])], [shape]) }
  }

  /// Shapes with the batch's extent along other axes too.
  @Test func refusesWhatRepeatsOrMixesItemsInTheSameShape() throws {
    let sum = TestNode("ReduceSum", ["x", "axes"], ["s"], ["keepdims": 0])
    #expect(throws: refusal("add", "node")) {
      try graph([sum, TestNode("Add", ["x", "s"])], [.integers("axes", [1])], x: [4, 4])
    }
    let ones = TestTensor.floats("w", [4], [1, 1, 1, 1])
    #expect(throws: refusal("layerNormalization", "node")) { try graph([TestNode("LayerNormalization", ["x", "w"])], [ones], x: [4]) }
    let first = TestTensor.integers("i", [0, 0, 0, 0])
    #expect(throws: refusal("take", "node")) { try graph([TestNode("Gather", ["x", "i"], ["y"], ["axis": 0])], [first]) }
  }

  @Test func refusesInputsOfDifferentBatches() throws {
    let model = TestModel(
      nodes: [TestNode("Add", ["x", "z"])], inputs: [TestInput("x", [4, 2]), TestInput("z", [1, 2])], outputs: ["y"])
    let expected = Refusal(
      .batchAxis, at: Place("input", "z"), "its first axis has 1 elements, that of another input 4",
      remedy: "export the net with batch 1")
    #expect(throws: ImportError.refused([expected])) { try model.imported() }
  }

  @Test func keepsTheBatchOfStatedModels() throws {
    let nodes = [TestNode("Transpose", ["x"], ["y"], ["perm": [1, 0, 2]]), TestNode("Shape", ["x"], ["s"])]
    let model = TestModel(nodes: nodes, inputs: [TestInput("x", [4, 3, 2])], outputs: ["s", "y"])
    let stated = try ONNXImporter.importStated(bytes: model.bytes, options: ImportOptions())
    #expect(stated.graph.outputShapes == [[3, 4, 2]])
    guard case .constant(let shape) = stated.outputs[0], case .value(0) = stated.outputs[1] else {
      Issue.record("outputs \(stated.outputs)")
      return
    }
    #expect(shape == .integers([4, 3, 2]))
  }

  @Test func takesInputsAsConstants() throws {
    let model = TestModel(
      nodes: [TestNode("Reshape", ["x", "shape"])], inputs: [TestInput("x", [1, 6]), TestInput("shape", [.fixed(3)], elementType: 7)],
      outputs: ["y"])
    var options = ImportOptions()
    options.inputValues["shape"] = .integers([1, 3, 2])
    #expect(try model.imported(options).graph.outputShapes == [[1, 3, 2]])
  }
}

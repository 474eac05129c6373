import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct DenseTests {
  private let weightsKC = TestTensor.floats("w", [2, 3], [1, 2, 3, 4, 5, 6])
  private let weightsCK = TestTensor.floats("w", [3, 2], [1, 4, 2, 5, 3, 6])

  /// Weights and, if there is one, bias of the dense node.
  private func operands(_ graph: FloatGraph) -> [FloatValue] { graph.nodes[0].inputs.dropFirst().map { graph.values[$0] } }

  @Test func takesGemmWithTransposedWeightsAsTheyAre() throws {
    let node = TestNode("Gemm", ["x", "w", "b"], ["y"], ["transA": 0, "transB": 1])
    let graph = try graph(node, x: [1, 3], [weightsKC, .floats("b", [2], [7, 8])])
    #expect(graph.operations == [.dense])
    #expect(
      operands(graph) == [
        FloatValue(name: "w", shape: [2, 3], constant: [1, 2, 3, 4, 5, 6]), FloatValue(name: "b", shape: [2], constant: [7, 8]),
      ])
  }

  @Test func transposesWeightsOfGemmAndMatMul() throws {
    for node in [TestNode("Gemm", ["x", "w"]), TestNode("MatMul", ["x", "w"])] {
      let graph = try graph(node, x: [1, 3], [weightsCK])
      #expect(operands(graph) == [FloatValue(name: "w.transposed", shape: [2, 3], constant: [1, 2, 3, 4, 5, 6])])
      #expect(graph.outputShapes == [[1, 2]])
    }
  }

  @Test func keepsLeadingAxesOfMatMul() throws {
    #expect(try graph(TestNode("MatMul", ["x", "w"]), x: [1, 5, 3], [weightsCK]).outputShapes == [[1, 5, 2]])
  }

  @Test func scalesByAlphaAndBeta() throws {
    let node = TestNode("Gemm", ["x", "w", "b"], ["y"], ["alpha": 2.0, "beta": 0.5, "transB": 1])
    let graph = try graph(node, x: [1, 3], [weightsKC, .floats("b", [2], [7, 8])])
    #expect(operands(graph).map(\.constant) == [[2, 4, 6, 8, 10, 12], [3.5, 4]])
  }

  @Test(arguments: [[], [1], [1, 1], [1, 2], [2]])
  func spreadsBias(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let bias = TestTensor.floats("b", shape, count == 1 ? [7] : [7, 8])
    let graph = try graph(TestNode("Gemm", ["x", "w", "b"], ["y"], ["transB": 1]), x: [1, 3], [weightsKC, bias])
    #expect(operands(graph)[1].shape == [2])
    #expect(operands(graph)[1].constant == (count == 1 ? [7, 7] : [7, 8]))
  }

  @Test func spreadsOneBiasToLayersOfDifferentWidth() throws {
    let nodes = [
      TestNode("Gemm", ["x", "w", "b"], ["a"], ["transB": 1]), TestNode("Gemm", ["a", "v", "b"], ["y"], ["transB": 1]),
    ]
    let constants: [TestTensor] = [weightsKC, .floats("b", [1], [7]), .counting("v", [4, 2])]
    let model = TestModel(nodes: nodes, initializers: constants, inputs: [TestInput("x", [1, 3])], outputs: ["y"])
    let graph = try model.imported().graph
    #expect(graph.nodes.map { graph.values[$0.inputs[2]].shape } == [[2], [4]])
  }

  @Test(arguments: [[0, 1 << 30], [1 << 30, 0]])
  func refusesEmptyWeightsBeforeItMovesThem(shape: [Int]) {
    let expected = Refusal(
      .invalidShape, at: Place("MatMul", "node"), "operand 1: shape \([shape[1], shape[0]]) is empty or larger than 2^31-1 bytes")
    #expect(refusals(TestNode("MatMul", ["x", "w"]), x: [1, 4], [.floats("w", shape, [])]) == [expected])
  }

  @Test func transposesTheInputOfGemm() throws {
    let node = TestNode("Gemm", ["x", "w"], ["y"], ["transA": 1])
    let graph = try statedGraph(node, x: [3, 1], [weightsCK])
    #expect(graph.operations == [.transpose(permutation: [1, 0]), .dense])
    #expect(graph.outputShapes == [[1, 2]])
  }

  @Test func addsWhatIsNoBiasBehindTheLayer() throws {
    let node = TestNode("Gemm", ["x", "w", "b"], ["y"], ["transB": 1, "beta": 2.0])
    let graph = try statedGraph(node, x: [2, 3], [weightsKC, .floats("b", [2, 1], [7, 8])])
    #expect(graph.operations == [.dense, .binary(.mul), .binary(.add)])
    let plain = try FloatExecutor(statedGraph(TestNode("Gemm", ["x", "w"], ["y"], ["transB": 1]), x: [2, 3], [weightsKC]))
    let input: [[Float]] = [[1, 2, 3, 4, 5, 6]]
    let (y, product) = (try FloatExecutor(graph).run(inputs: input)[0], try plain.run(inputs: input)[0])
    #expect(y == zip(product, [14, 14, 16, 16] as [Float]).map { $0 + $1 })
  }

  /// With the batch axis of the model.
  private func statedGraph(_ node: TestNode, x: [Int], _ initializers: [TestTensor]) throws -> FloatGraph {
    let model = TestModel(nodes: [node], initializers: initializers, inputs: [TestInput("x", x)], outputs: ["y"])
    return try ONNXImporter.importStated(bytes: model.bytes, options: ImportOptions()).graph
  }

  @Test func refusesWeightsThatDoNotFit() {
    let expected = Refusal(.invalidShape, at: Place("MatMul", "node"), "operand 1 has shape [2, 3], expected [2, 4]")
    #expect(refusals(TestNode("MatMul", ["x", "w"]), x: [1, 4], [weightsCK]) == [expected])
  }
}

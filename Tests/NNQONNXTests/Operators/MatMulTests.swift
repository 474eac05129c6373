import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct MatMulTests {
  private let matrix = TestTensor.floats("w", [2, 3], [1, 2, 3, 4, 5, 6])

  /// Of a model whose operands are inputs, in order; runs it on 1, 2, 3, ...
  private func product(
    _ opType: String, _ shapes: [[Int]], _ attributes: [String: TestAttribute] = [:]
  ) throws -> (operations: [FloatOperation], shape: [Int], elements: [Float]) {
    let names = shapes.indices.map { "x\($0)" }
    let model = TestModel(
      nodes: [TestNode(opType, names, ["y"], attributes)], inputs: zip(names, shapes).map { TestInput($0, $1) }, outputs: ["y"])
    let graph = try model.imported().graph
    let inputs = shapes.map { (1...$0.reduce(1, *)).map { Float($0) } }
    return (graph.operations, graph.outputShapes[0], try FloatExecutor(graph).run(inputs: inputs)[0])
  }

  @Test func takesProductsOfComputedMatrices() throws {
    let y = try product("MatMul", [[1, 2, 3], [1, 3, 2]])
    #expect(y.operations == [.matMul(scale: 1)])
    #expect(y.elements == [22, 28, 49, 64])
    #expect(try product("MatMul", [[1, 4, 1, 2, 3], [1, 5, 3, 6]]).shape == [1, 4, 5, 2, 6])
  }

  /// 2 * ([3, 4] times the column [1, 2]) + 5 / 2.
  @Test func takesGemmOfComputedMatrices() throws {
    #expect(try product("Gemm", [[1, 1], [1, 3]]).elements == [1, 2, 3])
    let node = TestNode("Gemm", ["w", "x", "c"], ["y"], ["transA": 1, "transB": 1, "alpha": 2.0, "beta": 0.5])
    let graph = try graph(node, x: [1, 2], [.floats("w", [2, 1], [3, 4]), .floats("c", [1], [5])])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2]]) == [[24.5]])
  }

  /// y = w * x with w of 2 x 3 is the transpose of x^T * w^T.
  @Test func takesAConstantLeftMatrix() throws {
    let graph = try graph(TestNode("MatMul", ["w", "x"]), x: [1, 3, 2], [matrix])
    #expect(graph.operations == [.transpose(permutation: [0, 2, 1]), .dense, .transpose(permutation: [0, 2, 1])])
    #expect(graph.outputShapes == [[1, 2, 2]])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4, 5, 6]]) == [[22, 28, 49, 64]])
  }

  @Test func takesConstantsWithAxesOfOne() throws {
    let weights = TestTensor.counting("w", [1, 1, 3, 2])
    let batched = try graph(TestNode("MatMul", ["x", "w"]), x: [1, 4, 5, 3], [weights])
    #expect(batched.operations == [.dense])
    #expect(batched.outputShapes == [[1, 4, 5, 2]])
    let raised = try graph(TestNode("MatMul", ["x", "w"]), x: [1, 3], [weights])
    #expect(raised.operations == [.dense, .reshape])
    #expect(raised.outputShapes == [[1, 1, 1, 2]])
  }

  @Test func takesAConstantVector() throws {
    let graph = try graph(TestNode("MatMul", ["x", "w"]), x: [1, 2, 3], [.floats("w", [3], [1, 10, 100])])
    #expect(graph.outputShapes == [[1, 2]])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4, 5, 6]]) == [[321, 654]])
  }

  @Test func refusesWhatIsNoProductOfMatrices() {
    func expected(_ reason: String) -> [Refusal] { [Refusal(.unsupportedOperand, at: Place("MatMul", "node"), reason)] }
    #expect(
      refusals(TestNode("MatMul", ["x", "w"]), x: [2, 2, 3], [.counting("w", [2, 3, 2])])
        == expected("a constant operand of shape [2, 3, 2], only a single matrix is supported"))
    #expect(
      refusals(TestNode("MatMul", ["x", "w"]), x: [1, 3], [.counting("w", [])])
        == expected("a constant operand of shape [], only a single matrix is supported"))
    #expect(
      refusals(TestNode("MatMul", ["w", "x"]), x: [1, 3], [.counting("w", [3])])
        == expected("a product of shapes [3] and [1, 3], only matrices are supported"))
    #expect(
      refusals(TestNode("MatMul", ["x", "x"]), x: [3]) == expected("a product of shapes [3] and [3], only matrices are supported"))
  }
}

import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct EinsumTests {
  /// Of inputs that count 1, 2, 3, ...
  private func einsum(_ equation: String, _ shapes: [[Int]]) throws -> (shape: [Int], elements: [Float]) {
    let names = shapes.indices.map { "x\($0)" }
    let model = TestModel(
      nodes: [TestNode("Einsum", names, ["y"], ["equation": .text(equation)])], inputs: zip(names, shapes).map { TestInput($0, $1) },
      outputs: ["y"])
    let graph = try model.imported().graph
    let inputs = shapes.map { (1...$0.reduce(1, *)).map { Float($0) } }
    return (graph.outputShapes[0], try FloatExecutor(graph).run(inputs: inputs)[0])
  }

  @Test func multipliesMatricesOfABatch() throws {
    let y = try einsum("bij, bjk -> bik", [[1, 2, 3], [1, 3, 2]])
    #expect(y.shape == [1, 2, 2])
    #expect(y.elements == [22, 28, 49, 64])
  }

  @Test func multipliesAlongAnyAxes() throws {
    // Queries and keys of two heads, the heads last but one.
    let y = try einsum("bqhd,bkhd->bhqk", [[1, 1, 2, 2], [1, 2, 2, 2]])
    #expect(y.shape == [1, 2, 1, 2])
    #expect(y.elements == [5, 17, 25, 53])
  }

  @Test func sumsLettersThatNothingElseHas() throws {
    #expect(try einsum("bij->bi", [[1, 2, 3]]).elements == [6, 15])
    #expect(try einsum("bij,bk->bi", [[1, 2, 2], [1, 2]]).elements == [9, 21])
  }

  @Test func transposesAndOuterProducts() throws {
    #expect(try einsum("bij->bji", [[1, 2, 3]]).elements == [1, 4, 2, 5, 3, 6])
    #expect(try einsum("bi,bj->bij", [[1, 2], [1, 2]]).elements == [1, 2, 2, 4])
  }

  @Test func withoutAResultLettersThatOccurOnceRemain() throws {
    #expect(try einsum("bj,ba", [[1, 2], [1, 3]]).shape == [3, 2])
  }

  @Test(arguments: ["bij,jk->bik", "bij,kj->bik"]) func constantsAreDenseLayers(equation: String) throws {
    let isTransposed = equation.contains("kj")
    let weights = TestTensor.floats("w", isTransposed ? [2, 3] : [3, 2], isTransposed ? [1, 3, 5, 2, 4, 6] : [1, 2, 3, 4, 5, 6])
    let node = TestNode("Einsum", ["x", "w"], ["y"], ["equation": .text(equation)])
    let graph = try graph(node, x: [1, 2, 3], [weights])
    #expect(graph.operations.contains(.dense))
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4, 5, 6]]) == [[22, 28, 49, 64]])
    let swapped = TestNode("Einsum", ["w", "x"], ["y"], ["equation": .text(isTransposed ? "kj,bij->bik" : "jk,bij->bik")])
    #expect(
      try FloatExecutor(NNQONNXTests.graph(swapped, x: [1, 2, 3], [weights])).run(inputs: [[1, 2, 3, 4, 5, 6]]) == [[22, 28, 49, 64]])
  }

  @Test(arguments: ["...ij->...ji", "bii->bi", "bij->bik", "bij,", "bij>bi", "bi,bi,bi->b"])
  func refusesOtherEquations(equation: String) {
    let reason = "'\(equation)', only one or two operands without ellipses or diagonals are supported"
    let place = Place("Einsum", "node", attribute: "equation")
    #expect(
      refusals(TestNode("Einsum", ["x"], ["y"], ["equation": .text(equation)]), x: [1, 2, 2])
        == [Refusal(.unsupportedAttribute, at: place, reason)])
  }

  @Test func refusesAnEquationOfOtherAxes() {
    let expected = Refusal(.invalidOperand, at: Place("Einsum", "node"), "operand 0 has shape [1, 2, 2], the equation 2 letters")
    #expect(refusals(TestNode("Einsum", ["x"], ["y"], ["equation": "ij->ji"]), x: [1, 2, 2]) == [expected])
  }
}

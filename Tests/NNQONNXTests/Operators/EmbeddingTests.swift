import NNQFloat
import Testing

@testable import NNQONNX

/// Inputs of integers: row numbers for Gather, or numbers that are cast.
@Suite struct EmbeddingTests {
  private func model(_ nodes: [TestNode], _ initializers: [TestTensor] = [], ids: [Int] = [1, 3], type: Int64 = 7) -> TestModel {
    TestModel(
      nodes: nodes, initializers: initializers,
      inputs: [TestInput("ids", ids.map { .fixed(Int64($0)) }, elementType: type)], outputs: ["y"])
  }

  private let table = TestTensor.counting("table", [4, 2])

  @Test(arguments: [6, 7] as [Int64])
  func gathersRowsOfATable(type: Int64) throws {
    let graph = try model([TestNode("Gather", ["table", "ids"])], [table], type: type).imported().graph
    #expect(graph.operations == [.gather])
    #expect(graph.outputShapes == [[1, 3, 2]])
    #expect(try FloatExecutor(graph).run(inputs: [[3, 0, 1]]) == [[6, 7, 0, 1, 2, 3]])
  }

  @Test func seesIntegersInOtherShapesAndTypes() throws {
    let nodes = [
      TestNode("Cast", ["ids"], ["wide"], ["to": 6]), TestNode("Unsqueeze", ["wide", "axes"], ["seen"]),
      TestNode("Gather", ["table", "seen"]),
    ]
    let graph = try model(nodes, [table, .integers("axes", [1])]).imported().graph
    #expect(graph.operations == [.gather, .reshape])
    #expect(graph.outputShapes == [[1, 1, 3, 2]])
  }

  @Test func encodesOneHot() throws {
    let nodes = [TestNode("Unsqueeze", ["ids", "axes"], ["seen"]), TestNode("Equal", ["seen", "classes"])]
    let constants: [TestTensor] = [.integers("axes", [2]), .integers("classes", [0, 1, 2], dims: [1, 1, 3])]
    let graph = try model(nodes, constants, ids: [1, 2]).imported().graph
    #expect(graph.operations == [.gather])
    #expect(graph.outputShapes == [[1, 2, 3]])
    #expect(try FloatExecutor(graph).run(inputs: [[2, 0]]) == [[0, 0, 1, 1, 0, 0]])
  }

  @Test func comparesIntegersWithOthersAsNumbers() throws {
    let graph = try model([TestNode("Equal", ["ids", "padding"])], [.integers("padding", [0], dims: [])]).imported().graph
    #expect(graph.operations == [.reshape, .binary(.equal)])
    #expect(try FloatExecutor(graph).run(inputs: [[2, 0, 5]]) == [[0, 1, 0]])
  }

  @Test func flattensRowsOfMoreAxes() throws {
    let graph = try model([TestNode("Gather", ["table", "ids"])], [.counting("table", [2, 2, 2])]).imported().graph
    #expect(graph.outputShapes == [[1, 3, 2, 2]])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 1, 0]]) == [[4, 5, 6, 7, 4, 5, 6, 7, 0, 1, 2, 3]])
  }

  @Test func castsIntegersToRealNumbers() throws {
    let nodes = [TestNode("Cast", ["ids"], ["real"], ["to": 1]), TestNode("Relu", ["real"])]
    let graph = try model(nodes, type: 2).imported().graph
    #expect(graph.operations == [.reshape, .unary(.relu)])
    #expect(graph.indexCounts == [nil])
    let like = [TestNode("CastLike", ["ids", "one"], ["real"]), TestNode("Relu", ["real"])]
    #expect(try model(like, [.floats("one", [1], [1])], type: 7).imported().graph.operations == [.reshape, .unary(.relu)])
  }

  @Test func refusesArithmeticOnIntegers() {
    let expected = Refusal(
      .unsupportedOperand, at: Place("Neg", "node"), "it computes with an input of integers",
      remedy: "supported are Gather of a constant by them, Cast to float, and operators that change their shape alone")
    #expect(throws: ImportError.refused([expected])) { try model([TestNode("Neg", ["ids"])]).imported() }
    let output = Refusal(
      .unsupportedOperand, at: Place("output", "y"), "it is an input of integers, not computed from it")
    #expect(throws: ImportError.refused([output])) { try model([TestNode("Identity", ["ids"])]).imported() }
  }

  @Test func refusesIntegersThatAreBoth() {
    let nodes = [
      TestNode("Gather", ["table", "ids"], ["g"]), TestNode("Cast", ["ids"], ["r"], ["to": 1]),
      TestNode("ReduceMean", ["g"], ["m"], ["axes": [2], "keepdims": 0]), TestNode("Add", ["m", "r"]),
    ]
    let expected = Refusal(
      .unsupportedOperand, at: Place("input", "ids"), "its integers are row numbers for Gather and are computed with too",
      remedy: "export the net with two inputs")
    #expect(throws: ImportError.refused([expected])) { try model(nodes, [table]).imported() }
  }

  @Test func refusesOtherAxes() {
    let expected = Refusal(
      .unsupportedAttribute, at: Place("Gather", "node", attribute: "axis"), "an input of integers chooses along axis 0 alone")
    let node = TestNode("Gather", ["table", "ids"], ["y"], ["axis": 1])
    #expect(throws: ImportError.refused([expected])) { try model([node], [table]).imported() }
  }
}

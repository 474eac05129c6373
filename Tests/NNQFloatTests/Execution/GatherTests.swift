import NNQFormat
import Testing

@testable import NNQFloat

/// Rows of a table by an input of integers.
@Suite struct GatherTests {
  private func graph(readOtherwise: Bool = false) throws -> FloatGraph {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 2])
    let table = try graph.addConstant(name: "table", shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
    let y = try graph.append(.gather, name: "gather", inputs: [x, table], outputName: "y")
    graph.outputs = readOtherwise ? [y, x] : [y]
    return graph
  }

  @Test func looksRowsUp() throws {
    let executor = try FloatExecutor(graph())
    #expect(try executor.run(inputs: [[2, 0]]) == [[5, 6, 1, 2]])
    #expect(executor.graph.indexCounts == [3])
    #expect(executor.graph.values.last?.shape == [1, 2, 2])
  }

  @Test(arguments: [-1, 3, 0.5, .infinity] as [Float])
  func refusesWhatIsNoRow(value: Float) throws {
    let expected = FloatGraphError(node: "x", .record("element", got: "\(value)", allowed: "0...2"))
    let executor = try FloatExecutor(graph())
    #expect(throws: expected) { try executor.run(inputs: [[0, value]]) }
  }

  @Test func readsInputsThatNothingElseReads() throws {
    let shared = try graph(readOtherwise: true)
    let expected = FloatGraphError(
      node: "gather", .record("operand 0", got: "'x', which others read", allowed: "a graph input that gather alone reads"))
    #expect(throws: expected) { try shared.validate() }
    var computed = try graph()
    computed.nodes.insert(FloatNode(name: "relu", .unary(.relu), inputs: [0], outputs: [3]), at: 0)
    computed.values.append(FloatValue(name: "r", shape: [1, 2]))
    computed.nodes[1].inputs[0] = 3
    let notAnInput = FloatGraphError(
      node: "gather", .record("operand 0", got: "'r'", allowed: "a graph input that gather alone reads"))
    #expect(throws: notAnInput) { try computed.validate() }
  }

  @Test func readsConstantTablesOfRank2() throws {
    var open = try graph()
    open.values[1].constant = nil
    open.inputs.append(1)
    let expected = FloatGraphError(node: "gather", .record("operand 1", got: "'table'", allowed: "a constant"))
    #expect(throws: expected) { try open.validate() }
    var flat = FloatGraph()
    let (x, table) = (try flat.addInput(name: "x", shape: [1]), try flat.addConstant(name: "t", shape: [2], values: [1, 2]))
    #expect(throws: FloatGraphError(node: "n", .operandRank(operand: 1, shape: [2], allowed: 2...2))) {
      try flat.append(.gather, name: "n", inputs: [x, table], outputName: "y")
    }
  }

  @Test func isStored() throws {
    let graph = try graph()
    var read = try FloatGraph(ModelFile.read(bytes: graph.modelFile().encoded()))
    read.nodes[0].name = "gather"
    #expect(read == graph)
  }
}

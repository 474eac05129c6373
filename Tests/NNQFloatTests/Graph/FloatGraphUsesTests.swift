import NNQFloat
import Testing

@Suite struct FloatGraphUsesTests {
  /// x -> relu -> a; a + a -> b; a * c -> dead; output b.
  private func makeGraph() throws -> FloatGraph {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [2])
    let c = try graph.addConstant(name: "c", shape: [2], values: [1, 2])
    let a = try graph.append(.unary(.relu), name: "relu", inputs: [x], outputName: "a")
    _ = try graph.append(.binary(.mul), name: "mul", inputs: [a, c], outputName: "dead")
    let b = try graph.append(.binary(.add), name: "add", inputs: [a, a], outputName: "b")
    graph.outputs = [b]
    return graph
  }

  @Test func findsProducersAndConsumers() throws {
    let graph = try makeGraph()
    #expect(graph.producers() == [nil, nil, 0, 1, 2])
    #expect(graph.consumers() == [[0], [1], [1, 2], [], []])
    #expect(graph.producer(of: 4) == 2)
    #expect(graph.consumers(of: 2) == [1, 2])
  }

  @Test func removesDeadNodesAndTheirValues() throws {
    var graph = try makeGraph()
    graph.removeDeadNodes()
    #expect(graph.values.map(\.name) == ["x", "a", "b"])
    #expect(graph.nodes.map(\.name) == ["relu", "add"])
    #expect(graph.nodes[1].inputs == [1, 1])
    #expect(graph.outputs == [2])
    try graph.validate()
  }

  @Test func keepsAnInputNothingUses() throws {
    var graph = try makeGraph()
    graph.outputs = [1]
    graph.removeDeadNodes()
    #expect(graph.values.map(\.name) == ["x", "c"])
    #expect(graph.nodes.isEmpty)
  }

  @Test func replacesUsesInNodesAndOutputs() throws {
    var graph = try makeGraph()
    graph.replaceUses(of: 2, with: 0)
    graph.replaceUses(of: 4, with: 3)
    #expect(graph.nodes[2].inputs == [0, 0])
    #expect(graph.outputs == [3])
  }
}

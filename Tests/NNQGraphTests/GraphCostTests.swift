import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 5.5.
@Suite struct GraphCostTests {
  /// y has 2 x 2 x 4 elements, each of 1 x 2 x 3 products; x and y take 64 bytes each, in steps of 64.
  @Test func convolutionCountsTheProductsOfItsGroup() {
    var conv = Conv2D.plain
    conv.groups = 2
    let operands = AccumulatingGraph(
      x: .activation("x", [1, 2, 3, 6]), weights: Array(repeating: 1, count: 24), [4, 1, 2, 3], y: [1, 2, 2, 4])
    let graph = operands.convolution(conv)
    #expect(graph.refusal == nil)
    #expect(graph.macCount(of: graph.nodes[0]) == 16 * 6)
    #expect(graph.cost == DeclaredCost(activationByteCount: 128, macCount: 96))
  }

  @Test func denseCountsTheProductsOfEveryRow() {
    var operands = AccumulatingGraph()
    operands.x = .activation("x", [1, 65, 1])
    operands.y = .activation("y", [1, 65, 1])
    #expect(operands.dense.cost == DeclaredCost(activationByteCount: 256, macCount: 65))
  }

  /// x (64 bytes) -> a (128) -> b (192, s16) -> y (64): x and a; a and b; b and y.
  private let chain = Graph(
    tensors: [
      .activation("x", [1, 64]), .activation("a", [1, 65]), .activation("b", [1, 65], .s16), .activation("y", [1, 1], .s16),
      .constant("t", .s16, Array(0..<256)),
    ],
    nodes: [
      Node(.pad(before: [0, 0], after: [0, 1], fill: 0), inputs: [0], outputs: [1]), Node(.table, inputs: [1, 4], outputs: [2]),
      Node(.slice(begin: [0, 0], step: [1, 1]), inputs: [2], outputs: [3]),
    ],
    inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 3, layout: .asStored)])

  @Test func activationsLiveFromDefinitionToLastUse() {
    #expect(chain.refusal == nil)
    #expect(chain.lifetimes == [0...0, 0...1, 1...2, 2...2, nil])
    #expect(chain.cost == DeclaredCost(activationByteCount: 128 + 192, macCount: 0))
  }

  @Test func outputsLiveToTheEnd() {
    var graph = chain
    graph.outputs.append(Port(tensor: 0, layout: .asStored))
    #expect(graph.lifetimes[0] == 0...2)
    #expect(graph.cost.activationByteCount == 64 + 128 + 192)
    graph.outputs.append(Port(tensor: 1, layout: .asStored))
    #expect(graph.cost.activationByteCount == 64 + 128 + 192 + 64)
  }

  @Test func inputsLiveFromTheStart() {
    var graph = chain
    graph.tensors.append(.activation("late", [1, 1]))
    graph.tensors.append(.activation("z", [1, 1, 1]))
    graph.nodes.append(Node(.reshape, inputs: [5], outputs: [6]))
    graph.inputs.append(Port(tensor: 5, layout: .asStored))
    graph.outputs.append(Port(tensor: 6, layout: .asStored))
    #expect(graph.refusal == nil)
    #expect(graph.lifetimes[5] == 0...3)
    #expect(graph.cost.activationByteCount == 64 + 128 + 192)
  }

  @Test func graphsWithoutNodesHoldTheirInputs() {
    let port = Port(tensor: 0, layout: .asStored)
    let graph = Graph(tensors: [.activation("x", [1, 65])], nodes: [], inputs: [port], outputs: [port])
    #expect(graph.cost == DeclaredCost(activationByteCount: 128, macCount: 0))
  }
}

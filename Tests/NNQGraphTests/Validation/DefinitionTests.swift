import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 5.2. The graph under change reshapes `x` to `y` and `y` to `z`.
@Suite struct DefinitionTests {
  private let graph = Graph(
    tensors: [.activation("x", [1, 4]), .activation("y", [1, 4]), .activation("z", [1, 4])],
    nodes: [Node(.reshape, inputs: [0], outputs: [1]), Node(.reshape, inputs: [1], outputs: [2])],
    inputs: [Port(tensor: 0, layout: .asStored)], outputs: [Port(tensor: 2, layout: .asStored)])

  private func refusal(_ change: (inout Graph) -> Void) -> Refusal? {
    var graph = graph
    change(&graph)
    return graph.refusal
  }

  @Test func acceptsTensorsDefinedOnceAndUsed() {
    #expect(graph.refusal == nil)
    #expect(refusal { $0.outputs.append(Port(tensor: 1, layout: .asStored)) } == nil)
    #expect(refusal { $0.outputs.append(Port(tensor: 0, layout: .asStored)) } == nil, "an input may be an output")
  }

  @Test func rejectsUseBeforeDefinition() {
    #expect(refusal { $0.nodes.swapAt(0, 1) } == Refusal(.undefinedTensor, at: "z"))
    #expect(refusal { $0.nodes[0].inputs = [1] } == Refusal(.undefinedTensor, at: "y"), "its own output")
    #expect(refusal { $0.inputs = [] } == Refusal(.undefinedTensor, at: "y"))
  }

  @Test func rejectsSecondDefinitions() {
    #expect(refusal { $0.nodes[1].outputs = [1] } == Refusal(.redefinedTensor, at: "y"))
    #expect(refusal { $0.nodes[1].outputs = [0] } == Refusal(.redefinedTensor, at: "x"))
    #expect(refusal { $0.inputs.append($0.inputs[0]) } == Refusal(.redefinedTensor, at: "input port"))
  }

  @Test func rejectsDefinitionsOfConstants() {
    var graph = AccumulatingGraph().dense
    graph.inputs.append(Port(tensor: 1, layout: .asStored))
    #expect(graph.refusal == Refusal(.redefinedTensor, at: "input port"))
  }

  @Test func rejectsUnusedTensors() {
    #expect(
      refusal {
        $0.nodes.removeLast()
        $0.outputs[0].tensor = 1
      } == Refusal(.unusedTensor, at: "z"))
    #expect(refusal { $0.nodes[1].inputs = [0] } == Refusal(.unusedTensor, at: "y"))
    #expect(refusal { $0.tensors.append(.constant("c", .u8, [1])) } == Refusal(.unusedTensor, at: "c"))
  }

  @Test func rejectsOutputPortsOfNoActivation() {
    #expect(refusal { $0.nodes.removeLast() } == Refusal(.badPort, at: "output port"))
    var graph = AccumulatingGraph().dense
    graph.outputs.append(Port(tensor: 1, layout: .asStored))
    #expect(graph.refusal == Refusal(.badPort, at: "output port"))
  }

  @Test(arguments: [-1, 3, Int.max, Int.min])
  func rejectsIndicesOfNoTensor(index: Int) {
    #expect(refusal { $0.inputs[0].tensor = index } == Refusal(.undefinedTensor, at: "input port"))
    #expect(refusal { $0.outputs[0].tensor = index } == Refusal(.undefinedTensor, at: "output port"))
    #expect(refusal { $0.nodes[1].inputs = [index] } == Refusal(.undefinedTensor, at: "z"))
    #expect(refusal { $0.nodes[1].outputs = [index] } == Refusal(.undefinedTensor, at: "node 1"))
  }

  @Test func namesNodesByNumberWhenTheirOutputHasNoName() {
    #expect(graph.location(ofNode: 1) == "z")
    #expect(
      refusal {
        $0.tensors[2].name = ""
        $0.tensors[2].shape = [1, 5]
      } == Refusal(.shapeMismatch, at: "node 1"))
    #expect(
      refusal {
        $0.nodes[1].outputs = []
        $0.nodes[1].inputs = [2]
      } == Refusal(.undefinedTensor, at: "node 1"))
  }

  @Test func acceptsGraphsWithoutNodes() {
    #expect(
      refusal {
        $0.tensors.removeLast(2)
        $0.nodes = []
        $0.outputs = $0.inputs
      } == nil)
  }
}

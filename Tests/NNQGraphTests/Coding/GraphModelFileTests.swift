import NNQFormat
import NNQGraph
import TestSupport
import Testing

@Suite struct GraphModelFileTests {
  private let file = AccumulatingGraph().dense.modelFile

  private func refusal(_ change: (inout ModelFile) -> Void) -> Refusal? {
    var file = file
    change(&file)
    return Refusal { () throws(GraphError) in _ = try Graph(file) }
  }

  @Test func storesTheGraphWithItsCosts() {
    #expect(file.graph.kind == .integer)
    #expect(file.graph.nodes == [NodeRecord(opcode: 2, inputs: [0, 1, 2, 3, 4], outputs: [5], attributes: [0, 255, 0])])
    #expect(file.graph.tensors[1].role == .constant(Constant([1], as: .s8)))
    #expect(file.graph.tensors[5].role == .activation(Quantization(scale: 1, zeroPoint: 0)))
    #expect(file.cost == DeclaredCost(activationByteCount: 128, macCount: 1))
    #expect(refusal { _ in } == nil)
  }

  @Test func rejectsFloatModels() {
    #expect(refusal { $0.graph.kind = .float } == Refusal(.wrongKind, at: "graph"))
  }

  @Test func rejectsFalseCosts() {
    #expect(refusal { $0.cost.macCount = 2 } == Refusal(.costMismatch, at: "header"))
    #expect(refusal { $0.cost.activationByteCount = 64 } == Refusal(.costMismatch, at: "header"))
  }

  @Test func rejectsUnknownOperatorsAtTheirOutput() {
    #expect(refusal { $0.graph.nodes[0].opcode = 1000 } == Refusal(.unknownOperator, at: "y"))
    #expect(refusal { $0.graph.nodes[0].version = 2 } == Refusal(.unsupportedVersion, at: "y"))
    #expect(refusal { ($0.graph.nodes[0].opcode, $0.graph.tensors[5].name) = (1000, "") } == Refusal(.unknownOperator, at: "node 0"))
  }

  /// Records made by hand: the container's reader lets none of these through.
  @Test(arguments: [-1, 6, Int.max, Int.min]) func rejectsIndicesOfNoTensor(index: Int) {
    for operand in 0..<5 {
      #expect(refusal { $0.graph.nodes[0].inputs[operand] = index } == Refusal(.undefinedTensor, at: "node 0"))
    }
    #expect(refusal { $0.graph.nodes[0].outputs = [index] } == Refusal(.undefinedTensor, at: "node 0"))
    #expect(refusal { $0.graph.inputs[0].tensor = index } == Refusal(.undefinedTensor, at: "input port"))
    #expect(refusal { $0.graph.outputs[0].tensor = index } == Refusal(.undefinedTensor, at: "output port"))
  }

  @Test func rejectsNodesWithoutOperands() {
    #expect(refusal { $0.graph.nodes[0].outputs = [] } == Refusal(.badPort, at: "output port"))
    for sample in SampleNodes.all where ![8, 9, 16].contains(sample.opcode) {
      let refused = refusal { file in
        file.graph.nodes.append(NodeRecord(opcode: sample.opcode, inputs: [], outputs: [], attributes: sample.attributes))
      }
      #expect(refused == Refusal(.operandCount, at: "node 1"), "opcode \(sample.opcode)")
    }
    #expect(
      refusal { $0.graph.nodes.append(NodeRecord(opcode: 8, inputs: [], outputs: [], attributes: [0])) }
        == Refusal(.operandCount, at: "node 1"))
  }

  @Test func rejectsActivationsWithoutScale() {
    #expect(refusal { $0.graph.tensors[0].role = .activation(nil) } == Refusal(.operandType, at: "x"))
  }

  /// Whatever the records of a legal graph are changed to, decoding ends with a graph or an error.
  @Test(arguments: 0..<20 as Range<UInt64>) func neverTrapsOnChangedRecords(seed: UInt64) {
    let file = randomGraph(seed: seed).modelFile
    var random = SeededRandom(seed: seed)
    for _ in 0..<60 {
      var changed = file
      changed.graph.change(with: &random)
      guard let graph = try? Graph(changed) else { continue }
      #expect(graph.modelFile.graph == changed.graph, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func randomGraphsComeBackFromTheirBytes(seed: UInt64) throws {
    let graph = randomGraph(seed: seed, nodeCount: 12)
    let bytes = try graph.modelFile.encoded(.stored)
    let read = try Graph(try ModelFile.read(bytes: bytes))
    #expect(read == graph, "seed \(seed)")
    #expect(read.cost == graph.cost, "seed \(seed)")
  }
}

extension GraphRecord {
  /// Another number in one place of a node, a tensor or a port.
  fileprivate mutating func change(with random: inout SeededRandom) {
    let number = [-1, 0, 1, 2, 3, 255, 65535, Int(Int32.max), Int.max, Int.min].randomElement(using: &random) ?? 0
    let node = nodes.indices.randomElement(using: &random) ?? 0
    let tensor = tensors.indices.randomElement(using: &random) ?? 0
    switch Int.random(in: 0..<7, using: &random) {
    case 0: nodes[node].opcode = UInt16.random(in: 1...30, using: &random)
    case 1: nodes[node].inputs = nodes[node].inputs.map { Bool.random(using: &random) ? $0 : number }
    case 2: nodes[node].attributes = nodes[node].attributes.map { Bool.random(using: &random) ? $0 : Int32(clamping: number) }
    case 3: nodes[node].inputs.shuffle(using: &random)
    case 4: tensors[tensor].shape = tensors[tensor].shape.map { Bool.random(using: &random) ? $0 : number }
    case 5: tensors[tensor].elementType = ElementType.allCases.randomElement(using: &random) ?? .u8
    default: inputs[0].tensor = number
    }
  }
}

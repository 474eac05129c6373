import Testing

@testable import NNQONNX

@Suite struct ModelOutlineTests {
  @Test func tellsPortsAndOperators() throws {
    let open: [ValueInfoProto.Dimension] = [.symbolic("N"), .fixed(3), .fixed(-1)]
    let model = TestModel(
      nodes: [TestNode("Relu", ["x"], ["a"]), TestNode("Unique", ["a"], ["b"]), TestNode("Relu", ["b"], ["y"])],
      initializers: [.counting("w", [1])],
      inputs: [TestInput("x", open), TestInput("w", [1]), TestInput("z", nil, elementType: TensorProto.DataType.bfloat16.rawValue)],
      outputs: ["y"])
    let outline = try ModelOutline(bytes: model.bytes)
    #expect(outline.operators == ["Relu", "Unique"])
    #expect(outline.inputs.map(\.name) == ["x", "z"])
    #expect(outline.inputs.map(\.shape) == [[1, 3, 1], []])
    #expect(outline.inputs.map(\.isBFloat16) == [false, true])
    #expect(outline.outputs.map(\.name) == ["y"])
  }

  @Test func refusesAFileWithoutGraph() {
    #expect(throws: ImportError.malformed(.missingGraph, byteOffset: 0)) { try ModelOutline(bytes: []) }
  }
}

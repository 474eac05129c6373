import TestSupport
import Testing

@testable import NNQONNX

@Suite struct ModelProtoTests {
  /// A convolution with a bias that is packed and a Reshape, about 300 bytes.
  private static let small = TestModel(
    nodes: [
      TestNode("Conv", ["x", "w"], ["c"], ["pads": [0, 0, 1, 1]], name: "conv"),
      TestNode("Reshape", ["c", "shape"], ["y"], ["allowzero": 0], name: "reshape"),
    ],
    initializers: [.counting("w", [1, 1, 2, 2]), .integers("shape", [0, -1])],
    inputs: [TestInput("x", [.symbolic("N"), .fixed(1), .fixed(2), .fixed(2)])], outputs: ["y"])

  @Test func importsTheSmallModel() throws {
    let model = try Self.small.imported()
    #expect(model.graph.outputShapes == [[1, 4]])
    #expect(model.producerName == "test")
    #expect(model.producerVersion == "1.0")
    #expect(model.opset == 17)
    #expect(model.inputShapes == ["x": [1, 1, 2, 2]])
  }

  /// A cut between two fields of the model leaves a shorter model, which may even be legal; none may trap.
  @Test func refusesOrReadsTheModelCutAtEveryByte() {
    let bytes = Self.small.bytes
    for count in bytes.indices {
      do throws(ImportError) {
        _ = try ONNXImporter.importModel(bytes: Array(bytes[..<count]))
        Issue.record("the first \(count) of \(bytes.count) bytes are accepted")
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func neverTrapsOnDamagedBytes() {
    let seed: UInt64 = 0x0DD5
    print("seed \(seed)")
    var random = SeededRandom(seed: seed)
    let bytes = Self.small.bytes
    for _ in 0..<3000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      do throws(ImportError) {
        let graph = try ONNXImporter.importModel(bytes: damaged).graph
        #expect(throws: Never.self) { try graph.validate() }
      } catch {
        #expect(!error.description.isEmpty)
      }
    }
  }

  @Test func rejectsFileWithoutGraph() {
    #expect(throws: ImportError.malformed(.missingGraph, byteOffset: 0)) { try ONNXImporter.importModel(bytes: []) }
  }

  @Test func rejectsSecondGraph() {
    let bytes = Self.small.bytes
    var second = ProtobufWriter(bytes)
    second.bytes(7, [])
    #expect(throws: ImportError.malformed(.repeated(field: 7), byteOffset: bytes.count)) {
      try ONNXImporter.importModel(bytes: second.bytes)
    }
  }

  @Test func skipsUnknownFields() throws {
    var writer = ProtobufWriter(Self.small.bytes)
    writer.integer(1000, 1)
    writer.float(1001, 1)
    writer.text(1002, "later")
    #expect(try ONNXImporter.importModel(bytes: writer.bytes) == Self.small.imported())
  }

  /// Sub-graphs are not entered, so no depth exhausts the stack.
  @Test func refusesGraphsNestedTenThousandDeep() {
    var graph: [UInt8] = []
    for _ in 0..<10_000 {
      var node = ProtobufWriter()
      node.text(4, "Loop")
      node.text(2, "y")
      node.bytes(5, TestAttribute.graph(graph).bytes("body"))
      var outer = ProtobufWriter()
      outer.bytes(1, node.bytes)
      outer.bytes(11, TestInput("x", [1, 2]).bytes)
      outer.message(12) { $0.text(1, "y") }
      graph = outer.bytes
    }
    var model = ProtobufWriter()
    model.bytes(7, graph)
    model.message(8) { $0.integer(2, 17) }
    #expect(throws: ImportError.refused([.unsupportedOperator(at: Place("Loop", "y"))])) {
      try ONNXImporter.importModel(bytes: model.bytes)
    }
  }

  /// Nothing is made of what is beyond a limit: the field before it is the last that is looked at.
  @Test(arguments: [(true, 5), (true, 11), (true, 12), (true, 15), (false, 8), (false, 25)])
  func refusesListsWithoutEnd(isOfTheGraph: Bool, field: Int) {
    let most = WireField.maximumListCount
    var list = ProtobufWriter()
    for _ in 0..<most { list.bytes(field, []) }
    list.bytes(field, [0xFF])
    var model = ProtobufWriter()
    if isOfTheGraph { model.bytes(7, list.bytes) } else { model = list }
    let offset = model.bytes.count - 3 - (field > 15 ? 1 : 0)
    let expected = ImportError.malformed(.tooMany(field: field, limit: most), byteOffset: offset)
    #expect(throws: expected) { try ONNXImporter.importModel(bytes: model.bytes) }
    #expect(expected.description == "byte \(offset): field \(field) occurs more than 65536 times, which is supported at most")
  }

  @Test(arguments: [1, 2, 5]) func refusesNodesOfNamesWithoutEnd(field: Int) {
    let most = WireField.maximumListCount
    var node = ProtobufWriter()
    for _ in 0...most { node.bytes(field, []) }
    #expect(throws: ImportError.malformed(.tooMany(field: field, limit: most), byteOffset: 2 * most)) {
      try NodeProto(WireReader(node.bytes))
    }
  }

  @Test func describesMalformedFilesInOneLine() {
    let error = ImportError.malformed(.pastEnd(needed: 500, remaining: 12), byteOffset: 64)
    #expect(error.description == "byte 64: 500 bytes are declared where 12 remain; the file is damaged or not an ONNX model")
  }
}

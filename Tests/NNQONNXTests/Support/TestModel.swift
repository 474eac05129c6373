@testable import NNQONNX

/// An ONNX model in the making: what a test needs to say, and how it is encoded.
struct TestModel {
  var opsets: [(domain: String, version: Int64)] = [("", 17)]
  var producer = "test"
  var nodes: [TestNode] = []
  var initializers: [TestTensor] = []
  var sparseInitializers: [TestTensor] = []
  var inputs: [TestInput] = []
  var outputs: [String] = []
  var functions: [String] = []

  var bytes: [UInt8] {
    var writer = ProtobufWriter()
    writer.integer(1, 8)
    writer.text(2, producer)
    writer.text(3, "1.0")
    writer.bytes(7, graphBytes)
    for opset in opsets {
      writer.message(8) { message in
        message.text(1, opset.domain)
        message.integer(2, opset.version)
      }
    }
    for function in functions { writer.message(25) { $0.text(1, function) } }
    return writer.bytes
  }

  var graphBytes: [UInt8] {
    var writer = ProtobufWriter()
    for node in nodes { writer.bytes(1, node.bytes) }
    writer.text(2, "graph")
    for tensor in initializers { writer.bytes(5, tensor.bytes) }
    for input in inputs { writer.bytes(11, input.bytes) }
    for output in outputs { writer.message(12) { $0.text(1, output) } }
    for tensor in sparseInitializers { writer.message(15) { $0.bytes(1, tensor.bytes) } }
    return writer.bytes
  }

  func imported(_ options: ImportOptions = ImportOptions()) throws(ImportError) -> ImportedModel {
    try ONNXImporter.importModel(bytes: bytes, options: options)
  }
}

struct TestInput {
  var name: String
  /// Nil for an input without a shape.
  var shape: [ValueInfoProto.Dimension]?
  var elementType: Int64 = 1

  init(_ name: String, _ shape: [ValueInfoProto.Dimension]?, elementType: Int64 = 1) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
  }

  init(_ name: String, _ shape: [Int]) { self.init(name, shape.map { .fixed(Int64($0)) }) }

  var bytes: [UInt8] {
    var writer = ProtobufWriter()
    writer.text(1, name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, elementType)
        guard let shape else { return }
        tensor.message(2) { message in
          for dimension in shape {
            message.message(1) { axis in
              switch dimension {
              case .fixed(let extent): axis.integer(1, extent)
              case .symbolic(let name): axis.text(2, name)
              }
            }
          }
        }
      }
    }
    return writer.bytes
  }
}

struct TestNode {
  var opType: String
  var inputs: [String]
  var outputs: [String]
  var attributes: [String: TestAttribute]
  var name: String
  var domain = ""

  init(
    _ opType: String, _ inputs: [String], _ outputs: [String] = ["y"], _ attributes: [String: TestAttribute] = [:], name: String = "node",
    domain: String = ""
  ) {
    self.opType = opType
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
    self.name = name
    self.domain = domain
  }

  var bytes: [UInt8] {
    var writer = ProtobufWriter()
    for input in inputs { writer.text(1, input) }
    for output in outputs { writer.text(2, output) }
    writer.text(3, name)
    writer.text(4, opType)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) { writer.bytes(5, attribute.bytes(name)) }
    writer.text(7, domain)
    return writer.bytes
  }
}

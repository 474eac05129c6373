/// Nodes in execution order, the constants and the ports.
struct GraphProto {
  private enum Field: Int {
    case node = 1
    case initializer = 5
    case input = 11
    case output = 12
    case sparseInitializer = 15
  }

  private(set) var nodes: [NodeProto] = []
  private(set) var initializers: [TensorProto] = []
  private(set) var inputs: [ValueInfoProto] = []
  private(set) var outputs: [ValueInfoProto] = []
  private(set) var sparseInitializers: [SparseTensorProto] = []

  init(_ message: WireReader) throws(ImportError) {
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .node: nodes.append(try NodeProto(field.checked(count: nodes.count, limit: ONNXImporter.maximumNodeCount).message()))
      case .initializer: initializers.append(try TensorProto(field.checked(count: initializers.count).message()))
      case .input: inputs.append(try ValueInfoProto(field.checked(count: inputs.count).message()))
      case .output: outputs.append(try ValueInfoProto(field.checked(count: outputs.count).message()))
      case .sparseInitializer: sparseInitializers.append(try SparseTensorProto(field.checked(count: sparseInitializers.count).message()))
      case nil: break
      }
    }
  }
}

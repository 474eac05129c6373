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
      case .node: nodes.append(try NodeProto(field.message()))
      case .initializer: initializers.append(try TensorProto(field.message()))
      case .input: inputs.append(try ValueInfoProto(field.message()))
      case .output: outputs.append(try ValueInfoProto(field.message()))
      case .sparseInitializer: sparseInitializers.append(try SparseTensorProto(field.message()))
      case nil: break
      }
    }
  }
}

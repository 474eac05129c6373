/// The outermost message of an ONNX file, as far as an importer needs it. Names in Proto/ are those of onnx.proto.
struct ModelProto {
  private enum Field: Int {
    case producerName = 2
    case producerVersion = 3
    case graph = 7
    case opsetImport = 8
    case functions = 25
  }

  private(set) var producerName = ""
  private(set) var producerVersion = ""
  private(set) var graph: GraphProto?
  private(set) var opsetImports: [OperatorSetIdProto] = []
  private(set) var functionNames: [String] = []

  init(bytes: [UInt8]) throws(ImportError) {
    var reader = WireReader(bytes)
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .producerName: producerName = try field.text()
      case .producerVersion: producerVersion = try field.text()
      case .graph: graph = try GraphProto(field.single(graph))
      case .opsetImport: opsetImports.append(try OperatorSetIdProto(field.checked(count: opsetImports.count).message()))
      case .functions: functionNames.append(try FunctionProto(field.checked(count: functionNames.count).message()).name)
      case nil: break
      }
    }
  }
}

/// The version of a domain's operators; the default domain is "".
struct OperatorSetIdProto: Equatable {
  private enum Field: Int {
    case domain = 1
    case version = 2
  }

  private(set) var domain = ""
  private(set) var version: Int64 = 0

  init(_ message: WireReader) throws(ImportError) {
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .domain: domain = try field.text()
      case .version: version = try field.integer()
      case nil: break
      }
    }
  }
}

/// Only its name, for the message that refuses it.
private struct FunctionProto {
  private enum Field: Int { case name = 1 }

  private(set) var name = ""

  init(_ message: WireReader) throws(ImportError) {
    var reader = message
    while let field = try reader.nextField() {
      if field.number == Field.name.rawValue { name = try field.text() }
    }
  }
}

/// An operator with the names of its operands and results.
struct NodeProto {
  private enum Field: Int {
    case input = 1
    case output = 2
    case name = 3
    case opType = 4
    case attribute = 5
    case domain = 7
  }

  /// Names of values; empty where an optional operand is left out.
  private(set) var inputs: [String] = []
  private(set) var outputs: [String] = []
  private(set) var opType = ""
  private(set) var domain = ""
  private(set) var attributes: [AttributeProto] = []
  private var ownName = ""
  let byteOffset: Int

  /// A node without a name is known by its first output.
  var name: String { ownName.isEmpty ? outputs.first { !$0.isEmpty } ?? "" : ownName }

  var isOfDefaultDomain: Bool { domain.isEmpty || domain == "ai.onnx" }

  init(_ message: WireReader) throws(ImportError) {
    byteOffset = message.byteOffset
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .input: inputs.append(try field.checked(count: inputs.count).text())
      case .output: outputs.append(try field.checked(count: outputs.count).text())
      case .name: ownName = try field.text()
      case .opType: opType = try field.text()
      case .attribute: attributes.append(try AttributeProto(field.checked(count: attributes.count).message()))
      case .domain: domain = try field.text()
      case nil: break
      }
    }
  }
}

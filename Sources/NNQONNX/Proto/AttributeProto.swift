/// A named attribute of a node.
struct AttributeProto {
  private enum Field: Int {
    case name = 1
    case float = 2
    case integer = 3
    case text = 4
    case tensor = 5
    case graph = 6
    case floats = 7
    case integers = 8
    case type = 20
  }

  /// Codes of the field `type`; those of lists of text and others are not listed, for no supported operator has them.
  private enum Kind: Int64 {
    case float = 1
    case integer = 2
    case text = 3
    case tensor = 4
    case graph = 5
    case floats = 6
    case integers = 7
  }

  enum Value {
    case float(Float)
    case integer(Int64)
    case text(String)
    case tensor(TensorProto)
    /// Not entered before an operator asks for it, so that no depth of sub-graphs exhausts the stack.
    case graph(WireReader)
    case floats([Float])
    case integers([Int64])
    /// Of a kind that no supported operator has.
    case other
  }

  private(set) var name = ""
  private(set) var value = Value.other

  init(_ message: WireReader) throws(ImportError) {
    var reader = message
    var type: Int64?
    var (float, integer, text): (Float?, Int64?, String?)
    var tensor: TensorProto?
    var graph: WireReader?
    var (floats, integers): ([Float], [Int64]) = ([], [])
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .name: name = try field.text()
      case .float: float = try field.float()
      case .integer: integer = try field.integer()
      case .text: text = try field.text()
      case .tensor: tensor = try TensorProto(field.single(tensor))
      case .graph: graph = try field.single(graph)
      case .floats: try field.append(to: &floats)
      case .integers: try field.append(to: &integers)
      case .type: type = try field.integer()
      case nil: break
      }
    }
    // Writers may omit a field that holds its default, and old ones the type.
    let kind = type.map { Kind(rawValue: $0) } ?? Self.kind(float, integer, text, tensor, graph, floats, integers)
    value =
      switch kind {
      case .float: .float(float ?? 0)
      case .integer: .integer(integer ?? 0)
      case .text: .text(text ?? "")
      case .tensor: tensor.map { .tensor($0) } ?? .other
      case .graph: graph.map { .graph($0) } ?? .other
      case .floats: .floats(floats)
      case .integers: .integers(integers)
      case nil: .other
      }
  }

  /// The kind of an attribute that does not state it.
  private static func kind(
    _ float: Float?, _ integer: Int64?, _ text: String?, _ tensor: TensorProto?, _ graph: WireReader?, _ floats: [Float],
    _ integers: [Int64]
  ) -> Kind? {
    if float != nil { return .float }
    if integer != nil { return .integer }
    if text != nil { return .text }
    if tensor != nil { return .tensor }
    if graph != nil { return .graph }
    if !floats.isEmpty { return .floats }
    return integers.isEmpty ? nil : .integers
  }
}

/// What is wrong with the protobuf encoding. Field numbers are those of onnx.proto.
public enum Malformation: Equatable, Sendable {
  /// A value, or the bytes after a length, reach past the end of the message that holds them.
  case pastEnd(needed: UInt64, remaining: Int)
  /// A varint of more than 10 bytes or 64 bits.
  case overlongVarint
  /// Field numbers are 1...2^29-1.
  case fieldNumber(UInt64)
  /// Wire types 3 and 4, which ONNX never uses.
  case group(field: Int)
  /// Wire types 6 and 7, which protobuf does not define.
  case wireType(field: Int, UInt8)
  /// A wire type the field does not have.
  case unexpectedType(field: Int)
  /// A packed field whose bytes are not a whole number of elements.
  case packedLength(field: Int, byteCount: Int)
  /// Text that is not UTF-8.
  case text(field: Int)
  /// A message that may occur once occurs again.
  case repeated(field: Int)
  /// The model holds no graph.
  case missingGraph
  /// A list of a message is longer than the importer takes.
  case tooMany(field: Int, limit: Int)
  /// A text is longer than the importer takes.
  case tooLong(field: Int, byteCount: Int)
}

extension Malformation: CustomStringConvertible {
  public var description: String {
    switch self {
    case .pastEnd(let needed, let remaining): "\(needed) bytes are declared where \(remaining) remain"
    case .overlongVarint: "a varint is longer than 64 bits"
    case .fieldNumber(let number): "field number \(number) is not in 1...536870911"
    case .group(let field): "field \(field) is a group, which ONNX does not use"
    case .wireType(let field, let type): "field \(field) has the undefined wire type \(type)"
    case .unexpectedType(let field): "field \(field) has another wire type than ONNX gives it"
    case .packedLength(let field, let byteCount): "field \(field) packs \(byteCount) bytes, not a whole number of elements"
    case .text(let field): "field \(field) is not UTF-8 text"
    case .repeated(let field): "field \(field) occurs again where one is allowed"
    case .missingGraph: "the model holds no graph"
    case .tooMany(let field, let limit): "field \(field) occurs more than \(limit) times, which is supported at most"
    case .tooLong(let field, let byteCount):
      "field \(field) is a text of \(byteCount) bytes, supported are \(WireField.maximumTextByteCount)"
    }
  }

  /// Whether the file may be a model all the same.
  var isLimit: Bool {
    switch self {
    case .tooMany, .tooLong: true
    default: false
    }
  }
}

/// Name, element type and shape of a graph input or output.
struct ValueInfoProto {
  enum Dimension: Equatable {
    case fixed(Int64)
    /// Unknown until the model runs; the exporter's name of it may be empty.
    case symbolic(String)
  }

  private enum Field: Int {
    case name = 1
    case type = 2
  }

  private(set) var name = ""
  /// A code of `TensorProto.DataType`; nil for what is not a tensor.
  private(set) var elementType: Int64?
  /// Nil when the model leaves even the rank open.
  private(set) var shape: [Dimension]?
  let byteOffset: Int

  init(_ message: WireReader) throws(ImportError) {
    byteOffset = message.byteOffset
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .name: name = try field.text()
      case .type: try readType(field.message())
      case nil: break
      }
    }
  }

  private mutating func readType(_ message: WireReader) throws(ImportError) {
    enum Field: Int { case tensorType = 1 }
    var reader = message
    while let field = try reader.nextField() {
      if field.number == Field.tensorType.rawValue { try readTensorType(field.message()) }
    }
  }

  private mutating func readTensorType(_ message: WireReader) throws(ImportError) {
    enum Field: Int {
      case elementType = 1
      case shape = 2
    }
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .elementType: elementType = try field.integer()
      case .shape: shape = try Self.shape(field.single(shape))
      case nil: break
      }
    }
  }

  private static func shape(_ message: WireReader) throws(ImportError) -> [Dimension] {
    enum Field: Int { case dimension = 1 }
    var reader = message
    var shape: [Dimension] = []
    while let field = try reader.nextField() {
      if field.number == Field.dimension.rawValue { shape.append(try dimension(field.checked(count: shape.count).message())) }
    }
    return shape
  }

  private static func dimension(_ message: WireReader) throws(ImportError) -> Dimension {
    enum Field: Int {
      case value = 1
      case parameter = 2
    }
    var reader = message
    var dimension = Dimension.symbolic("")
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .value: dimension = .fixed(try field.integer())
      case .parameter: dimension = .symbolic(try field.text())
      case nil: break
      }
    }
    return dimension
  }
}

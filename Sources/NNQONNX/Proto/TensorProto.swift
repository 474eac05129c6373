/// A constant tensor as it is stored; `HostTensor` checks and decodes it.
struct TensorProto {
  private enum Field: Int {
    case dims = 1
    case dataType = 2
    case floatData = 4
    case int32Data = 5
    case int64Data = 7
    case name = 8
    case rawData = 9
    case doubleData = 10
    case uint64Data = 11
    case externalData = 13
    case dataLocation = 14
  }

  /// Codes of the field `data_type`.
  enum DataType: Int64 {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case uint16 = 4
    case int16 = 5
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float16 = 10
    case float64 = 11
    case uint32 = 12
    case uint64 = 13
    case bfloat16 = 16
    case float8e4m3fn = 17
    case float8e4m3fnuz = 18
    case float8e5m2 = 19
    case float8e5m2fnuz = 20
    case uint4 = 21
    case int4 = 22

    /// Of one element; of two for those of 4 bits, which share a byte.
    var byteCount: Int {
      switch self {
      case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .uint4, .int4: 1
      case .uint16, .int16, .float16, .bfloat16: 2
      case .float32, .int32, .uint32: 4
      case .int64, .uint64, .float64: 8
      }
    }

    /// Types in which weights are stored; nothing is rounded to them.
    var isForStorageAlone: Bool { rawValue >= Self.float8e4m3fn.rawValue }

    /// Real numbers, which are computed with in float32 whatever their own precision.
    var isReal: Bool {
      switch self {
      case .float32, .float16, .float64, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz: true
      default: false
      }
    }
  }

  private(set) var name = ""
  private(set) var dims: [Int64] = []
  private(set) var dataType: Int64 = 0
  private(set) var floatData: [Float] = []
  /// Of int32 and every narrower integer, and the bits of floats of 16 and 8 bits; two integers of 4 bits share an element.
  private(set) var int32Data: [Int64] = []
  private(set) var int64Data: [Int64] = []
  private(set) var doubleData: [Double] = []
  /// Of uint32 and uint64, as bit patterns.
  private(set) var uint64Data: [Int64] = []
  private(set) var rawData: ArraySlice<UInt8>?
  private(set) var isExternal = false
  let byteOffset: Int

  init(_ message: WireReader) throws(ImportError) {
    byteOffset = message.byteOffset
    var reader = message
    while let field = try reader.nextField() {
      switch Field(rawValue: field.number) {
      case .dims: try field.append(to: &dims)
      case .dataType: dataType = try field.integer()
      case .floatData: try field.append(to: &floatData)
      case .int32Data: try field.append(to: &int32Data)
      case .int64Data: try field.append(to: &int64Data)
      case .name: name = try field.text()
      case .rawData: rawData = field.bytes[try field.range()]
      case .doubleData: try field.append(to: &doubleData)
      case .uint64Data: try field.append(to: &uint64Data)
      case .externalData: isExternal = true
      case .dataLocation: isExternal = try field.integer() != 0 || isExternal
      case nil: break
      }
    }
  }
}

/// Only its name, for the message that refuses it: that of its tensor of values.
struct SparseTensorProto {
  private enum Field: Int { case values = 1 }

  private(set) var name = ""
  let byteOffset: Int

  init(_ message: WireReader) throws(ImportError) {
    byteOffset = message.byteOffset
    var reader = message
    while let field = try reader.nextField() {
      if field.number == Field.values.rawValue { name = try TensorProto(field.message()).name }
    }
  }
}

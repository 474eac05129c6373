/// A field of a protobuf message, and the checked conversions to what ONNX says it is.
struct WireField {
  enum Payload {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// Length-delimited: text, a message, packed numbers or raw bytes. The range lies within the file.
    case bytes(Range<Int>)
  }

  let number: Int
  let payload: Payload
  /// Of the field's tag, from the start of the file.
  let byteOffset: Int
  /// The file.
  let bytes: [UInt8]

  var wrongType: ImportError { .malformed(.unexpectedType(field: number), byteOffset: byteOffset) }

  func integer() throws(ImportError) -> Int64 {
    guard case .varint(let value) = payload else { throw wrongType }
    return Int64(bitPattern: value)
  }

  func float() throws(ImportError) -> Float {
    guard case .fixed32(let bits) = payload else { throw wrongType }
    return Float(bitPattern: bits)
  }

  func range() throws(ImportError) -> Range<Int> {
    guard case .bytes(let range) = payload else { throw wrongType }
    return range
  }

  func text() throws(ImportError) -> String {
    let range = try range()
    guard range.count <= Self.maximumTextByteCount else {
      throw .malformed(.tooLong(field: number, byteCount: range.count), byteOffset: byteOffset)
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw .malformed(.text(field: number), byteOffset: byteOffset)
    }
    return text
  }

  func message() throws(ImportError) -> WireReader { WireReader(bytes, try range()) }

  /// The longest name: those that exporters make of module paths have some hundred bytes.
  static let maximumTextByteCount = 65_536

  /// The longest list of names or messages in a message. The largest nets have a few thousand of each.
  static let maximumListCount = 65_536

  /// The field itself, if the list it adds to has room: nothing is made for what is refused.
  /// - Parameter count: of the list without it.
  func checked(count: Int, limit: Int = maximumListCount) throws(ImportError) -> WireField {
    guard count < limit else { throw .malformed(.tooMany(field: number, limit: limit), byteOffset: byteOffset) }
    return self
  }

  /// A message that may occur once; `current` is what an earlier field gave.
  func single<Message>(_ current: Message?) throws(ImportError) -> WireReader {
    guard current == nil else { throw .malformed(.repeated(field: number), byteOffset: byteOffset) }
    return try message()
  }

  // MARK: Repeated numbers, packed or one by one

  func append(to integers: inout [Int64]) throws(ImportError) {
    guard case .bytes = payload else {
      integers.append(try integer())
      return
    }
    var reader = try message()
    while !reader.isAtEnd { integers.append(Int64(bitPattern: try reader.varint())) }
  }

  func append(to floats: inout [Float]) throws(ImportError) {
    guard case .bytes = payload else {
      floats.append(try float())
      return
    }
    var reader = try packed(elementByteCount: 4)
    while !reader.isAtEnd {
      floats.append(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.fixed(byteCount: 4))))
    }
  }

  func append(to doubles: inout [Double]) throws(ImportError) {
    if case .fixed64(let bits) = payload {
      doubles.append(Double(bitPattern: bits))
      return
    }
    var reader = try packed(elementByteCount: 8)
    while !reader.isAtEnd { doubles.append(Double(bitPattern: try reader.fixed(byteCount: 8))) }
  }

  private func packed(elementByteCount: Int) throws(ImportError) -> WireReader {
    let range = try range()
    guard range.count % elementByteCount == 0 else {
      throw .malformed(.packedLength(field: number, byteCount: range.count), byteOffset: byteOffset)
    }
    return WireReader(bytes, range)
  }
}

/// Walks the fields of one protobuf message.
///
/// Every read is checked against the end of the message, every length against what remains of it. Messages inside are read
/// by readers of their own (`WireField.message`), so what is skipped is never entered: the depth of a file costs nothing.
struct WireReader {
  private let bytes: [UInt8]
  private var offset: Int
  private let end: Int

  /// The whole file as one message.
  init(_ bytes: [UInt8]) { self.init(bytes, 0..<bytes.count) }

  /// - Parameter range: lies within the bytes.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  /// Where it is, from the start of the file.
  var byteOffset: Int { offset }

  var isAtEnd: Bool { offset == end }
  private var remaining: Int { end - offset }

  /// The next field; nil at the end of the message.
  mutating func nextField() throws(ImportError) -> WireField? {
    guard !isAtEnd else { return nil }
    let start = offset
    let tag = try varint()
    guard (1..<(1 << 29)).contains(tag >> 3) else { throw .malformed(.fieldNumber(tag >> 3), byteOffset: start) }
    let number = Int(tag >> 3)
    let payload: WireField.Payload
    switch UInt8(tag & 7) {
    case 0: payload = .varint(try varint())
    case 1: payload = .fixed64(try fixed(byteCount: 8))
    case 2: payload = .bytes(try lengthDelimited())
    case 5: payload = .fixed32(UInt32(truncatingIfNeeded: try fixed(byteCount: 4)))
    case 3, 4: throw .malformed(.group(field: number), byteOffset: start)
    case let type: throw .malformed(.wireType(field: number, type), byteOffset: start)
    }
    return WireField(number: number, payload: payload, byteOffset: start, bytes: bytes)
  }

  /// A base-128 integer, least significant group first: at most 10 bytes, of which the last holds one bit.
  mutating func varint() throws(ImportError) -> UInt64 {
    let start = offset
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard !isAtEnd else { throw .malformed(.pastEnd(needed: 1, remaining: 0), byteOffset: offset) }
      let byte = bytes[offset]
      offset += 1
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .malformed(.overlongVarint, byteOffset: start)
  }

  /// A little-endian integer.
  mutating func fixed(byteCount: Int) throws(ImportError) -> UInt64 {
    let range = try take(UInt64(byteCount))
    return bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private mutating func lengthDelimited() throws(ImportError) -> Range<Int> {
    try take(try varint())
  }

  private mutating func take(_ byteCount: UInt64) throws(ImportError) -> Range<Int> {
    guard byteCount <= UInt64(remaining) else {
      throw .malformed(.pastEnd(needed: byteCount, remaining: remaining), byteOffset: offset)
    }
    let start = offset
    offset += Int(byteCount)
    return start..<offset
  }
}

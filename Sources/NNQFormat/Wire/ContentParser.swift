/// Reads little-endian fields one after the other, each checked against the bytes that remain.
struct ContentParser {
  private let bytes: [UInt8]
  private let origin: Origin
  private(set) var offset = 0
  /// Start of the field read last: the place an error about its value names.
  private(set) var fieldOffset = 0

  init(_ bytes: [UInt8], origin: Origin) {
    self.bytes = bytes
    self.origin = origin
  }

  var remainingCount: Int { bytes.count - offset }

  /// The next bytes.
  mutating func take(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    fieldOffset = offset
    guard count <= remainingCount else {
      throw origin.error(.contentSize, at: offset, got: "\(remainingCount) bytes left", expected: "\(count)")
    }
    offset += count
    return bytes[fieldOffset..<offset]
  }

  mutating func integer<T: FixedWidthInteger>(_ type: T.Type = T.self) throws(FormatError) -> T {
    try take(T.bitWidth / 8).reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
  }

  mutating func float() throws(FormatError) -> Float { Float(bitPattern: try integer()) }

  /// A field that must lie in a range.
  mutating func integer<T: FixedWidthInteger>(_ name: String, in allowed: ClosedRange<T>) throws(FormatError) -> T {
    let value: T = try integer()
    guard allowed.contains(value) else {
      throw fieldError(.valueOutOfRange, got: "\(name) \(value)", expected: "\(allowed.lowerBound)...\(allowed.upperBound)")
    }
    return value
  }

  /// A field whose values are the cases of an enum.
  mutating func value<T: RawRepresentable>(_ name: String) throws(FormatError) -> T where T.RawValue: FixedWidthInteger {
    let raw: T.RawValue = try integer()
    guard let value = T(rawValue: raw) else {
      throw fieldError(.valueOutOfRange, got: "\(name) \(raw)", expected: "a value of format.md")
    }
    return value
  }

  mutating func reserved(_ count: Int) throws(FormatError) {
    guard try take(count).allSatisfy({ $0 == 0 }) else {
      throw fieldError(.reservedNotZero, got: "reserved bytes in use", expected: "zeros")
    }
  }

  /// UTF-8 without NUL.
  mutating func text(_ count: Int) throws(FormatError) -> String {
    let slice = try take(count)
    guard !slice.contains(0), let text = String(validating: slice, as: UTF8.self) else {
      throw fieldError(.invalidText, got: "bytes that are not text", expected: "UTF-8 without NUL")
    }
    return text
  }

  func end() throws(FormatError) {
    guard remainingCount == 0 else {
      throw origin.error(.contentSize, at: offset, got: "\(remainingCount) bytes after the last field", expected: "none")
    }
  }

  /// An error about the field read last.
  func fieldError(_ code: FormatError.Code, got: String, expected: String) -> FormatError {
    error(code, at: fieldOffset, got: got, expected: expected)
  }

  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    origin.error(code, at: offset, got: got, expected: expected)
  }
}

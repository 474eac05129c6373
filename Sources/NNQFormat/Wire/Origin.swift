/// Where bytes being parsed come from, so that an error can name its place in the file.
struct Origin: Sendable {
  /// Nil for the header and the section table.
  var section: FormatError.Section?
  /// Of the first stored byte.
  var fileOffset: UInt64
  /// Inflated bytes have no place of their own in the file.
  var isInflated = false

  /// - Parameter offset: counted in the bytes being parsed.
  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    let offset = UInt64(offset)
    return FormatError(
      code, byteOffset: isInflated ? fileOffset : fileOffset + offset, contentOffset: isInflated ? offset : nil,
      section: section, got: got, expected: expected)
  }
}

/// Why a file was not read or not written.
public struct FormatError: Error, Equatable, Sendable {
  /// Stable across versions; spec: format.md annex A.
  public enum Code: String, Sendable, CaseIterable {
    // The file as a whole.
    case badSignature, unsupportedVersion, truncated, trailingBytes, checksumMismatch, limitExceeded
    // Header and section table.
    case sizeMismatch, sectionSize, sectionFlags, sectionOrder, sectionCount
    case unsupportedSection, unsupportedCodec, paddingNotZero
    // Contents of a section.
    case corruptStream, contentSize, reservedNotZero, valueOutOfRange, indexOutOfRange
    case invalidText, duplicateName, invalidPositions, invalidCode
    // Outside the bytes.
    case ioError, exists, unencodable
  }

  /// The section an error lies in: its place in the table and its type.
  public struct Section: Equatable, Sendable {
    public var index: Int
    public var type: UInt16
  }

  public var code: Code
  /// From the start of the file. Nil when the error has no place in the file.
  public var byteOffset: UInt64?
  /// Set for the contents of a compressed section: the place in its inflated bytes; `byteOffset` is then its first stored byte.
  public var contentOffset: UInt64?
  public var section: Section?
  /// What was found, and what the format allows (empty if there is nothing to say).
  public var got: String
  public var expected: String

  init(
    _ code: Code, byteOffset: UInt64? = nil, contentOffset: UInt64? = nil, section: Section? = nil,
    got: String, expected: String
  ) {
    self.code = code
    self.byteOffset = byteOffset
    self.contentOffset = contentOffset
    self.section = section
    self.got = got
    self.expected = expected
  }
}

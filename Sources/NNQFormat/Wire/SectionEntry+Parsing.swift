extension SectionEntry {
  /// Reads one row and places its section.
  /// - Parameters:
  ///   - previous: the row before it.
  ///   - end: where the section before it ends in the file.
  init(_ parser: inout ContentParser, after previous: SectionEntry?, end: UInt64, fileByteCount: UInt64) throws(FormatError) {
    type = try parser.integer()
    try Self.checkOrder(type, after: previous, parser)
    (isCritical, isSafeToCopy) = try Self.parseFlags(&parser, type: type)
    let codec: UInt8 = try parser.integer()
    guard let codec = Codec(rawValue: codec) else {
      throw parser.fieldError(.unsupportedCodec, got: "codec \(codec)", expected: "0 or 1")
    }
    self.codec = codec
    crc = try parser.integer()
    fileOffset = Self.start(after: end, codec: codec)
    storedByteCount = try Self.parseStoredByteCount(&parser, fileOffset: fileOffset, fileByteCount: fileByteCount)
    rawByteCount = try Self.parseRawByteCount(&parser, type: type, codec: codec, stored: storedByteCount)
  }

  private static func checkOrder(_ type: UInt16, after previous: SectionEntry?, _ parser: ContentParser) throws(FormatError) {
    guard type >= previous?.type ?? 1 else {
      throw parser.fieldError(.sectionOrder, got: "section type \(type)", expected: "\(previous?.type ?? 1) or more")
    }
  }

  private static func parseFlags(
    _ parser: inout ContentParser, type: UInt16
  ) throws(FormatError) -> (isCritical: Bool, isSafeToCopy: Bool) {
    let flags: UInt8 = try parser.integer()
    guard flags < 4 else { throw parser.fieldError(.reservedNotZero, got: "flags \(flags)", expected: "0...3") }
    let isCritical = flags & 1 != 0
    let isSafeToCopy = flags & 2 != 0
    guard let known = SectionType(rawValue: type) else {
      if isCritical { throw parser.fieldError(.unsupportedSection, got: "critical section type \(type)", expected: "a known type") }
      return (isCritical, isSafeToCopy)
    }
    guard isCritical == known.isCritical, isSafeToCopy == known.isSafeToCopy else {
      throw parser.fieldError(.sectionFlags, got: "flags \(flags) of section type \(known)", expected: "those of format.md 4.1")
    }
    return (isCritical, isSafeToCopy)
  }

  private static func parseStoredByteCount(
    _ parser: inout ContentParser, fileOffset: UInt64, fileByteCount: UInt64
  ) throws(FormatError) -> Int {
    let stored: UInt64 = try parser.integer()
    guard stored >= 1, fileOffset <= fileByteCount, stored <= fileByteCount - fileOffset, let count = Int(exactly: stored) else {
      throw parser.fieldError(.sectionSize, got: "\(stored) stored bytes", expected: "1 to the end of the file")
    }
    return count
  }

  private static func parseRawByteCount(
    _ parser: inout ContentParser, type: UInt16, codec: Codec, stored: Int
  ) throws(FormatError) -> Int {
    let raw: UInt64 = try parser.integer()
    let maximum = SectionType(rawValue: type)?.maximumRawByteCount ?? maximumRawByteCount
    guard raw >= 1, raw <= UInt64(maximum) else {
      throw parser.fieldError(.sectionSize, got: "\(raw) raw bytes", expected: "1...\(maximum)")
    }
    let count = Int(raw)
    switch codec {
    case .stored:
      guard count == stored else {
        throw parser.fieldError(.sectionSize, got: "\(count) raw bytes", expected: "\(stored), as stored")
      }
    case .zlib:
      guard count > stored, (count - 1) / maximumExpansion < stored else {
        throw parser.fieldError(.sectionSize, got: "\(count) raw bytes of \(stored)", expected: "more than stored, at most 1032 times")
      }
    }
    return count
  }
}

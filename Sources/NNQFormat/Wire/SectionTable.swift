/// Spec: format.md 4.1.
enum SectionType: UInt16, Sendable, CaseIterable {
  case graph = 1
  case storage, positions, values
  case labels = 16
  case preprocessing, provenance, selfTest

  var isCritical: Bool { rawValue < 16 }
  var isSafeToCopy: Bool { self == .labels || self == .preprocessing }
  var isStream: Bool { self == .positions || self == .values }
  var maximumRawByteCount: Int { isStream ? 262_144 : SectionEntry.maximumRawByteCount }

  /// How many sections of this type a file has.
  var allowedCount: ClosedRange<Int> {
    switch self {
    case .graph, .storage: 1...1
    case .positions, .values: 0...Int.max
    case .labels, .preprocessing, .provenance, .selfTest: 0...1
    }
  }
}

/// One row of the section table, and the place that follows from the rows before it. Spec: format.md 4.
public struct SectionEntry: Equatable, Sendable {
  public enum Codec: UInt8, Sendable {
    case stored = 0
    case zlib
  }

  static let byteCount = 24
  static let maximumRawByteCount = 1 << 26
  /// A zlib stream cannot expand further: 258 bytes for two bits.
  static let maximumExpansion = 1032
  /// Of sections with codec `stored`.
  static let alignment: UInt64 = 64

  public var type: UInt16
  public var isCritical: Bool
  public var isSafeToCopy: Bool
  public var codec: Codec
  public var crc: UInt32
  public var storedByteCount: Int
  public var rawByteCount: Int
  /// Of the first stored byte.
  public var fileOffset: UInt64

  var knownType: SectionType? { SectionType(rawValue: type) }

  func appendEncoded(to bytes: inout [UInt8]) {
    bytes.appendInteger(type)
    bytes.appendInteger(UInt8(isCritical ? 1 : 0) | UInt8(isSafeToCopy ? 2 : 0))
    bytes.appendInteger(codec.rawValue)
    bytes.appendInteger(crc)
    bytes.appendInteger(UInt64(storedByteCount))
    bytes.appendInteger(UInt64(rawByteCount))
  }

  /// Where a section starts, given where the one before it ends. Spec: format.md 4.2.
  static func start(after end: UInt64, codec: Codec) -> UInt64 {
    codec == .stored ? (end + alignment - 1) / alignment * alignment : end
  }
}

/// All rows, checked against each other and against the header.
struct SectionTable: Equatable, Sendable {
  var entries: [SectionEntry] = []

  /// - Parameter bytes: the table; its CRC is checked here.
  init(_ bytes: [UInt8], header: ModelHeader) throws(FormatError) {
    let origin = Origin(fileOffset: UInt64(ModelHeader.byteCount))
    try checkCRC(stored: header.tableCRC, computed: crc32(of: bytes), origin: Origin(fileOffset: 0), at: 56)
    var parser = ContentParser(bytes, origin: origin)
    var end = UInt64(ModelHeader.byteCount + bytes.count)
    var rawByteCount: UInt64 = 0
    for _ in 0..<header.sectionCount {
      let entry = try SectionEntry(&parser, after: entries.last, end: end, fileByteCount: header.fileByteCount)
      end = entry.fileOffset + UInt64(entry.storedByteCount)
      rawByteCount += UInt64(entry.rawByteCount)
      entries.append(entry)
    }
    guard end == header.fileByteCount else {
      throw FormatError(.sizeMismatch, byteOffset: 16, got: "a file of \(header.fileByteCount) bytes", expected: "\(end), by its table")
    }
    guard rawByteCount == header.rawByteCount else {
      throw FormatError(.sizeMismatch, byteOffset: 24, got: "\(header.rawByteCount) raw bytes", expected: "\(rawByteCount), by the table")
    }
    try checkCounts()
  }

  /// Where a section's row lies in the file.
  func entryOffset(_ index: Int) -> UInt64 { UInt64(ModelHeader.byteCount + index * SectionEntry.byteCount) }

  /// The place of a section's stored bytes.
  func storedOrigin(of index: Int) -> Origin {
    let entry = entries[index]
    return Origin(section: FormatError.Section(index: index, type: entry.type), fileOffset: entry.fileOffset)
  }

  /// The place of a section's contents.
  func rawOrigin(of index: Int) -> Origin {
    var origin = storedOrigin(of: index)
    origin.isInflated = entries[index].codec == .zlib
    return origin
  }

  /// Checks a section's stored bytes.
  func check(_ index: Int, stored: UnsafeRawBufferPointer) throws(FormatError) {
    try checkCRC(stored: entries[index].crc, computed: crc32(of: stored), origin: storedOrigin(of: index))
  }

  /// Indices of the sections of a type; entries are in ascending order of type.
  func indices(of type: SectionType) -> Range<Int> {
    firstIndex(ofTypeAtLeast: type.rawValue)..<firstIndex(ofTypeAtLeast: type.rawValue + 1)
  }

  /// By halves: a file may have very many sections.
  private func firstIndex(ofTypeAtLeast type: UInt16) -> Int {
    var candidates = 0..<entries.count
    while !candidates.isEmpty {
      let middle = candidates.lowerBound + candidates.count / 2
      candidates = entries[middle].type < type ? middle + 1..<candidates.upperBound : candidates.lowerBound..<middle
    }
    return candidates.lowerBound
  }

  /// Raw bytes of all sections of a type.
  func rawByteCount(of type: SectionType) -> Int {
    entries[indices(of: type)].reduce(0) { $0 + $1.rawByteCount }
  }

  private func checkCounts() throws(FormatError) {
    for type in SectionType.allCases {
      let indices = self.indices(of: type)
      guard type.allowedCount.contains(indices.count) else {
        throw FormatError(
          .sectionCount, byteOffset: entryOffset(indices.lowerBound),
          got: "\(indices.count) sections of type \(type)", expected: "\(type.allowedCount.upperBound)")
      }
    }
  }
}

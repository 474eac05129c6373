/// Where sections and constants lie in the raw bytes of all positions sections followed by all values sections.
/// Spec: format.md 5.3.
struct StreamLayout: Sendable {
  /// The parts of one constant.
  struct Parts: Sendable {
    /// Among the constants, in the order of the tensor records.
    let constant: Int
    let positions: Range<Int>
    let values: Range<Int>
    /// The last section that holds some of it, or of the constants before it; -1 for none.
    let lastSection: Int
  }

  /// Bytes that are in memory together: whole sections that hold whole parts.
  struct Block: Sendable {
    let bytes: Range<Int>
    /// Constants after which they are needed no more.
    let partsCount: Int
  }

  let table: SectionTable
  /// In the table. Other members count sections from the first of these.
  let sections: Range<Int>
  /// By section.
  let sectionBytes: [Range<Int>]
  /// By section.
  let blockOfSection: [Int]
  /// The positions stream as a whole, if there is one, then as small ones as the values stream's cuts allow.
  let blocks: [Block]
  /// In the order of the parts: the order in which they are complete.
  let parts: [Parts]

  /// - Parameter storage: the record of each constant; checked to fill the streams.
  init(_ table: SectionTable, _ constants: [TensorRecord], _ storage: [StorageRecord]) {
    self.table = table
    sections = table.indices(of: .positions).lowerBound..<table.indices(of: .values).upperBound
    let sectionBytes = Self.consecutiveRanges(table.entries[sections].map(\.rawByteCount), from: 0)
    let order = Self.order(of: constants)
    let positions = Self.consecutiveRanges(order.map { storage[$0].positionsByteCount(elementCount: constants[$0].elementCount) }, from: 0)
    let values = Self.consecutiveRanges(
      order.map { storage[$0].valuesByteCount(elementType: constants[$0].elementType) }, from: table.rawByteCount(of: .positions))
    var lastSection = -1
    parts = order.indices.map { index in
      while lastSection + 1 < sectionBytes.count, sectionBytes[lastSection + 1].lowerBound < values[index].upperBound { lastSection += 1 }
      return Parts(constant: order[index], positions: positions[index], values: values[index], lastSection: lastSection)
    }
    self.sectionBytes = sectionBytes
    (blocks, blockOfSection) = Self.blocks(sectionBytes, parts, positionsByteCount: table.rawByteCount(of: .positions))
  }

  private static func blocks(_ sectionBytes: [Range<Int>], _ parts: [Parts], positionsByteCount: Int) -> ([Block], [Int]) {
    var blocks: [Block] = []
    var blockOfSection: [Int] = []
    var start = (byte: 0, parts: 0)
    var nextParts = 0
    for bytes in sectionBytes {
      let end = bytes.upperBound
      blockOfSection.append(blocks.count)
      while nextParts < parts.count, parts[nextParts].values.upperBound <= end { nextParts += 1 }
      if end <= positionsByteCount {
        guard end == positionsByteCount else { continue }
        blocks.append(Block(bytes: 0..<end, partsCount: .max))
      } else {
        guard nextParts == parts.count || parts[nextParts].values.lowerBound >= end else { continue }
        blocks.append(Block(bytes: start.byte..<end, partsCount: nextParts - start.parts))
      }
      start = (end, nextParts)
    }
    return (blocks, blockOfSection)
  }

  /// Indices of constants in the order of their parts: by element type, whose statistics they share.
  static func order(of constants: [TensorRecord]) -> [Int] {
    ElementType.allCases.flatMap { type in constants.indices.filter { constants[$0].elementType == type } }
  }

  private static func consecutiveRanges(_ counts: [Int], from start: Int) -> [Range<Int>] {
    var end = start
    return counts.map { count in
      defer { end += count }
      return end..<end + count
    }
  }

  /// - Parameter offset: the error names the section that holds it, and its place there.
  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    guard let section = sectionBytes.firstIndex(where: { offset < $0.upperBound }) else {
      return FormatError(code, got: got, expected: expected)
    }
    let origin = table.rawOrigin(of: sections.lowerBound + section)
    return origin.error(code, at: offset - sectionBytes[section].lowerBound, got: got, expected: expected)
  }
}

/// The bytes of one constant in one of the streams.
struct StreamPart {
  let layout: StreamLayout
  /// Valid while the constant is decoded.
  let bytes: UnsafeRawBufferPointer
  /// Of the part, in the streams.
  let start: Int

  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    layout.error(code, at: start + offset, got: got, expected: expected)
  }
}

import CZlib

/// A `.nnq` file taken apart into header, rows and stored sections, however wrong they are, so that one of them can be changed
/// and the sizes and checksums made true again: without this a fuzzer never gets past the checksums. Spec: format.md 3 and 4.
struct SectionedFile {
  struct Section {
    /// type, flags, codec; the rest of the row follows from the contents.
    var row: [UInt8]
    /// As declared; that of a stored section is its size.
    var rawByteCount: UInt64
    var stored: [UInt8]

    var isStored: Bool { row[3] == 0 }
  }

  static let headerByteCount = 64
  static let rowByteCount = 24

  var header: [UInt8]
  var sections: [Section] = []

  /// Nil for what has no header or whose table reaches past the end.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= Self.headerByteCount else { return nil }
    header = Array(bytes[..<Self.headerByteCount])
    let count = Int(bytes.integer(at: 12, byteCount: 4))
    guard count <= (bytes.count - Self.headerByteCount) / Self.rowByteCount else { return nil }
    var end = Self.headerByteCount + count * Self.rowByteCount
    for index in 0..<count {
      let row = Self.headerByteCount + index * Self.rowByteCount
      let start = Self.start(after: end, isStored: bytes[row + 3] == 0)
      let stored = bytes.integer(at: row + 8, byteCount: 8)
      guard start <= bytes.count, stored <= UInt64(bytes.count - start) else { return nil }
      end = start + Int(stored)
      sections.append(
        Section(
          row: Array(bytes[row..<row + 4]), rawByteCount: bytes.integer(at: row + 16, byteCount: 8), stored: Array(bytes[start..<end])))
    }
  }

  private static func start(after end: Int, isStored: Bool) -> Int { isStored ? (end + 63) / 64 * 64 : end }

  /// The file with true sizes, sums and checksums. The sum of the constants follows from the graph section where that can be
  /// read; the other costs stay as the header has them.
  var encoded: [UInt8] {
    var (table, body): ([UInt8], [UInt8]) = ([], [])
    let bodyStart = Self.headerByteCount + sections.count * Self.rowByteCount
    for section in sections {
      let start = Self.start(after: bodyStart + body.count, isStored: section.isStored) - bodyStart
      body += [UInt8](repeating: 0, count: start - body.count) + section.stored
      table += section.row + checksum(section.stored) + UInt64(section.stored.count).littleEndian(8)
      table += (section.isStored ? UInt64(section.stored.count) : section.rawByteCount).littleEndian(8)
    }
    var header = header
    header.replace(at: 12, UInt64(sections.count).littleEndian(4))
    header.replace(at: 16, UInt64(bodyStart + body.count).littleEndian(8))
    header.replace(at: 24, sections.reduce(0) { $0 &+ ($1.isStored ? UInt64($1.stored.count) : $1.rawByteCount) }.littleEndian(8))
    if let graph = sections.first?.stored, let count = constantByteCount(ofGraph: graph) { header.replace(at: 32, count.littleEndian(8)) }
    header.replace(at: 56, checksum(table))
    header.replace(at: 60, checksum(Array(header[..<60])))
    return header + table + body
  }
}

/// Elements of all constants of a graph section, in bytes; nil where its tensor records end early. Spec: format.md 5.1.
private func constantByteCount(ofGraph bytes: [UInt8]) -> UInt64? {
  guard bytes.count >= 16 else { return nil }
  let isInteger = bytes[0] == 0
  var (total, at): (UInt64, Int) = (0, 16)
  for _ in 0..<min(bytes.integer(at: 4, byteCount: 4), UInt64(bytes.count)) {
    guard at + 6 <= bytes.count else { return nil }
    let (type, isConstant, rank) = (bytes[at], bytes[at + 1] == 1, Int(bytes[at + 2]))
    let shape = at + 6 + Int(bytes.integer(at: at + 4, byteCount: 2))
    at = shape + 4 * rank
    guard at <= bytes.count else { return nil }
    var byteCount: UInt64 = type <= 2 ? 1 : type <= 4 ? 2 : 4
    for axis in 0..<rank { byteCount = byteCount &* bytes.integer(at: shape + 4 * axis, byteCount: 4) }
    if isConstant { total = total &+ byteCount } else if isInteger { at += 8 }
  }
  return total
}

private func checksum(_ bytes: [UInt8]) -> [UInt8] {
  UInt64(crc32(0, bytes, UInt32(truncatingIfNeeded: bytes.count))).littleEndian(4)
}

extension [UInt8] {
  fileprivate func integer(at offset: Int, byteCount: Int) -> UInt64 {
    self[offset..<offset + byteCount].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  fileprivate mutating func replace(at offset: Int, _ bytes: [UInt8]) {
    replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }
}

extension UInt64 {
  fileprivate func littleEndian(_ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { UInt8(truncatingIfNeeded: self >> (8 * UInt64($0))) }
  }
}

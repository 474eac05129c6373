@testable import NNQFormat

/// A file taken apart, so that a test can break one rule and keep all others: sizes, places and checksums are made anew.
struct RawFile {
  struct Section {
    var type: UInt16
    var flags: UInt8
    var codec: UInt8 = 0
    var stored: [UInt8]
    var rawByteCount: Int

    init(_ section: RawSection) {
      type = section.type
      flags = (section.isCritical ? 1 : 0) | (section.isSafeToCopy ? 2 : 0)
      stored = section.bytes
      rawByteCount = section.bytes.count
    }

    init(type: UInt16, flags: UInt8, _ bytes: [UInt8]) {
      self.type = type
      self.flags = flags
      stored = bytes
      rawByteCount = bytes.count
    }
  }

  var sections: [Section]
  var constantByteCount: UInt64
  var cost: DeclaredCost
  /// Between sections.
  var paddingByte: UInt8 = 0
  /// Bytes that replace others of the header or the table, before their checksums are made.
  private var headerPatches: [(offset: Int, bytes: [UInt8])] = []
  private var tablePatches: [(offset: Int, bytes: [UInt8])] = []

  /// All sections stored, one values section.
  /// - Parameter positions: of the s8 and f32 constants that have zeros; the others are dense.
  init(_ model: ModelFile, positions: StorageRecord.Positions = .dense) throws {
    var constants: [EncodedConstant] = []
    for tensor in model.graph.constants {
      let wanted = [.s8, .f32].contains(tensor.elementType) ? positions : .dense
      let encodings = try ConstantEncoder(tensor).encodings()
      if let encoding = encodings.first(where: { $0.record.positions == wanted }) ?? encodings.first { constants.append(encoding) }
    }
    let ordered = StreamLayout.order(of: model.graph.constants).map { constants[$0] }
    let streams: [(SectionType, [UInt8])] = [
      (.positions, ordered.flatMap(\.positions)), (.values, ordered.flatMap(\.values)),
    ]
    let raw =
      [
        RawSection(.graph, try GraphSection.encode(model.graph)),
        RawSection(.storage, try StorageSection.encode(constants.map(\.record))),
      ] + streams.filter { !$0.1.isEmpty }.map { RawSection($0.0, $0.1) } + (try model.optionalSections())
    sections = raw.map(Section.init)
    constantByteCount = model.constantByteCount
    cost = model.cost
  }

  // MARK: Changes

  func index(of type: SectionType) -> Int { sections.firstIndex { $0.type == type.rawValue } ?? 0 }

  /// Replaces bytes in a section's contents.
  mutating func patch(_ type: SectionType, at offset: Int, _ bytes: [UInt8]) {
    sections[index(of: type)].stored.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  /// Changes a section's contents as a whole.
  mutating func edit(_ type: SectionType, _ change: (inout [UInt8]) -> Void) {
    let index = index(of: type)
    change(&sections[index].stored)
    sections[index].rawByteCount = sections[index].stored.count
  }

  /// Lays the codes of constant w, which start at 1 of the values, out in nibble planes.
  mutating func splitCodes(count: Int) {
    patch(.storage, at: 7, [StorageRecord.Planes.nibbles.rawValue])
    edit(.values) { $0.replaceSubrange(1...count, with: NibblePlanes.split(Array($0[1...count]))) }
  }

  mutating func patchHeader(at offset: Int, _ bytes: [UInt8]) { headerPatches.append((offset, bytes)) }

  /// - Parameter field: offset in the row.
  mutating func patchRow(_ type: SectionType, field: Int, _ bytes: [UInt8]) {
    tablePatches.append((index(of: type) * SectionEntry.byteCount + field, bytes))
  }

  /// Stores a section as zlib makes it.
  mutating func deflate(_ type: SectionType, _ flavor: ZlibFlavor = .plain) {
    let index = index(of: type)
    sections[index].codec = 1
    sections[index].stored = flavor.deflate(sections[index].stored)
  }

  // MARK: Result

  func encoded() -> [UInt8] {
    var end = UInt64(ModelHeader.byteCount + sections.count * SectionEntry.byteCount)
    var table: [UInt8] = []
    var body: [UInt8] = []
    let start = end
    for section in sections {
      append(section, to: &table)
      let place = SectionEntry.start(after: end, codec: section.codec == 0 ? .stored : .zlib)
      body += [UInt8](repeating: paddingByte, count: Int(place - start) - body.count) + section.stored
      end = start + UInt64(body.count)
    }
    for patch in tablePatches { table.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes) }
    return header(table: table, fileByteCount: end) + table + body
  }

  private func append(_ section: Section, to table: inout [UInt8]) {
    table.appendInteger(section.type)
    table += [section.flags, section.codec]
    table.appendInteger(crc32(of: section.stored))
    table.appendInteger(UInt64(section.stored.count))
    table.appendInteger(UInt64(section.rawByteCount))
  }

  private func header(table: [UInt8], fileByteCount: UInt64) -> [UInt8] {
    let header = ModelHeader(
      sectionCount: UInt32(sections.count), fileByteCount: fileByteCount,
      rawByteCount: sections.reduce(0) { $0 + UInt64($1.rawByteCount) }, constantByteCount: constantByteCount, cost: cost,
      tableCRC: crc32(of: table))
    var bytes = Array(header.encoded.dropLast(4))
    for patch in headerPatches { bytes.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes) }
    bytes.appendInteger(crc32(of: bytes))
    return bytes
  }
}

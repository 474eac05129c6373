@testable import NNQFormat

extension Vector {
  static func invalidTables() throws -> [Vector] {
    try rows() + sectionSizes() + sectionOrder() + placement() + zlibStreams()
  }

  private static func rows() throws -> [Vector] {
    try [
      invalid("flags_reserved", 1, code: .reservedNotZero) { $0.sections[0].flags |= 4 },
      invalid("codec_2", 13, code: .unsupportedCodec) { $0.sections[0].codec = 2 },
      invalid("graph_not_critical", 17, code: .sectionFlags) { $0.sections[0].flags = 0 },
      invalid("values_safe_to_copy", 17, code: .sectionFlags) { $0.sections[$0.index(of: .values)].flags = 3 },
      invalid("labels_critical", 17, code: .sectionFlags, model: SampleModels.annotated) {
        $0.sections[$0.index(of: .labels)].flags = 3
      },
      invalid("labels_not_safe_to_copy", 17, code: .sectionFlags, model: SampleModels.annotated) {
        $0.sections[$0.index(of: .labels)].flags = 0
      },
      invalid("self_test_safe_to_copy", 17, code: .sectionFlags, model: SampleModels.annotated) {
        $0.sections[$0.index(of: .selfTest)].flags = 2
      },
      invalid("unknown_critical", 22, code: .unsupportedSection) {
        $0.sections.append(RawFile.Section(type: 40, flags: 1, [1]))
      },
      invalid("unknown_crc", 23, code: .checksumMismatch) {
        $0.sections.append(RawFile.Section(type: 40, flags: 0, [1]))
        $0.patchRow(.values, field: SectionEntry.byteCount + 4, [1, 2, 3, 4])
      },
      invalid("unknown_zlib", 23, code: .corruptStream) {
        $0.sections.append(RawFile.Section(type: 40, flags: 0, [1, 2, 3]))
        $0.sections[$0.sections.count - 1].codec = 1
        $0.sections[$0.sections.count - 1].rawByteCount = 9
      },
    ]
  }

  private static func sectionSizes() throws -> [Vector] {
    try [
      invalid("stored_other_than_raw", 15, code: .sectionSize) { $0.sections[0].rawByteCount += 1 },
      invalid("stored_empty", 15, code: .sectionSize) { $0.sections[0].stored = [] },
      invalid("stored_past_the_end", 15, code: .sectionSize) { $0.patchRow(.storage, field: 8, UInt64(9999).littleEndianBytes) },
      invalid("stored_overflows", 15, code: .sectionSize) { $0.patchRow(.storage, field: 8, UInt64.max.littleEndianBytes) },
      invalid("raw_empty", 15, code: .sectionSize) { $0.sections[0].rawByteCount = 0 },
      invalid("raw_of_stream_large", 15, code: .sectionSize) {
        $0.deflate(.values)
        $0.sections[$0.index(of: .values)].rawByteCount = 262_145
      },
      invalid("raw_of_graph_large", 15, code: .sectionSize) {
        $0.deflate(.graph)
        $0.sections[0].rawByteCount = 1 << 26 + 1
      },
      invalid("zlib_not_smaller", 15, code: .sectionSize) { $0.deflate(.values) },
      invalid("zlib_expands_too_far", 15, code: .sectionSize) {
        $0.deflate(.graph)
        $0.sections[0].rawByteCount = $0.sections[0].stored.count * 1032 + 1
      },
    ]
  }

  private static func sectionOrder() throws -> [Vector] {
    try [
      invalid("order", 16, code: .sectionOrder) { $0.sections.swapAt(0, 1) },
      invalid("order_unknown", 16, code: .sectionOrder) {
        $0.sections.insert(RawFile.Section(type: 40, flags: 0, [1]), at: $0.index(of: .values))
      },
      invalid("type_0", 16, code: .sectionOrder) { $0.sections.insert(RawFile.Section(type: 0, flags: 0, [1]), at: 0) },
      invalid("no_graph", 19, code: .sectionCount) { $0.sections.removeFirst() },
      invalid("no_storage", 19, code: .sectionCount) { $0.sections.remove(at: 1) },
      invalid("two_graphs", 19, code: .sectionCount) { $0.sections.insert($0.sections[0], at: 0) },
      invalid("two_label_sections", 19, code: .sectionCount, model: SampleModels.annotated) {
        $0.sections.insert($0.sections[$0.index(of: .labels)], at: $0.index(of: .labels))
      },
    ]
  }

  private static func placement() throws -> [Vector] {
    var hole = try RawFile(SampleModels.smallest)
    hole.patchHeader(at: 16, UInt64(hole.encoded().count + 1).littleEndianBytes)
    return try [
      invalid("padding", 20, code: .paddingNotZero) { $0.paddingByte = 0x20 },
      Vector(name: "hole_at_the_end", rules: [21], code: .sizeMismatch, bytes: hole.encoded() + [0]),
    ]
  }

  private static func zlibStreams() throws -> [Vector] {
    func graph(_ name: String, _ change: @escaping (inout RawFile.Section) -> Void) throws -> Vector {
      try invalid(name, 18, code: .corruptStream) {
        $0.deflate(.graph)
        change(&$0.sections[0])
      }
    }
    func flavor(_ name: String, _ flavor: ZlibFlavor) throws -> Vector {
      try invalid(name, 18, code: .corruptStream) { $0.deflate(.graph, flavor) }
    }
    return try [
      graph("zlib_adler") { $0.stored[$0.stored.count - 1] ^= 1 },
      graph("zlib_truncated") { $0.stored.removeLast() },
      graph("zlib_header_only") { $0.stored.removeLast($0.stored.count - 2) },
      graph("zlib_trailing") { $0.stored.append(0) },
      graph("zlib_raw_one_less") { $0.rawByteCount -= 1 },
      graph("zlib_raw_one_more") { $0.rawByteCount += 1 },
      graph("zlib_reserved_block") { $0.stored[2] |= 6 },
      graph("zlib_not") { $0.stored = Array(0..<40) },
      flavor("zlib_preset_dictionary", .presetDictionary),
      flavor("zlib_gzip", .gzip),
      flavor("zlib_raw_deflate", .rawDeflate),
    ]
  }
}

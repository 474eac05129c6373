@testable import NNQFormat

extension Vector {
  static func invalidOptionalSections() throws -> [Vector] { try lines() + preprocessing() + selfTest() }

  private static func contents(
    _ name: String, _ rule: Int, code: FormatError.Code, _ type: SectionType, _ change: (inout [UInt8]) -> Void
  ) throws -> Vector {
    try invalid(name, rule, code: code, model: SampleModels.annotated) { $0.edit(type, change) }
  }

  private static func lines() throws -> [Vector] {
    func labels(_ name: String, _ rule: Int, _ text: String) throws -> Vector {
      try contents(name, rule, code: .invalidText, .labels) { $0 = Array(text.utf8) }
    }
    func provenance(_ name: String, _ text: String) throws -> Vector {
      try contents(name, 57, code: .invalidText, .provenance) { $0 = Array(text.utf8) }
    }
    func beyondLimit(_ name: String, _ type: SectionType, line: String) throws -> Vector {
      try invalid(name, 59, code: .limitExceeded, model: SampleModels.annotated) {
        $0.edit(type) { $0 = Array((String(repeating: "\n", count: 65_536) + line).utf8) }
        $0.deflate(type)
      }
    }
    return try [
      beyondLimit("limit_labels", .labels, line: "cat"),
      beyondLimit("limit_provenance", .provenance, line: "a=1"),
      labels("labels_end_with_line_feed", 53, "cat\ndog\n"),
      labels("labels_empty_line", 53, "\n"),
      labels("labels_nul", 2, "cat\0dog"),
      contents("labels_not_utf8", 2, code: .invalidText, .labels) { $0[0] = 0x80 },
      provenance("provenance_without_value", "key"),
      provenance("provenance_without_key", "=value"),
      provenance("provenance_key_space", "a key=value"),
      provenance("provenance_key_not_ascii", "k\u{E9}y=value"),
      provenance("provenance_descends", "b=1\na=2"),
      provenance("provenance_repeats", "a=1\na=2"),
      provenance("provenance_line_feed", "a=1\n"),
    ]
  }

  private static func preprocessing() throws -> [Vector] {
    func field(_ name: String, _ rule: Int = 54, at offset: Int, _ bytes: [UInt8]) throws -> Vector {
      try contents(name, rule, code: .valueOutOfRange, .preprocessing) {
        $0.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      }
    }
    return try [
      field("color_order_3", at: 0, [3]),
      field("resize_2", at: 1, [2]),
      field("channels_0", at: 2, [0]),
      field("channels_5", at: 2, [5]),
      field("resize_shorter_of_stretch", at: 1, [0]),
      field("resize_shorter_0", at: 4, [0, 0, 0, 0]),
      field("resize_shorter_2_31", at: 4, UInt32(1 << 31).littleEndianBytes),
      field("mean_nan", 55, at: 8, Float.nan.bitPattern.littleEndianBytes),
      field("mean_infinite", 55, at: 16, (-Float.infinity).bitPattern.littleEndianBytes),
      field("std_0", 55, at: 20, Float(0).bitPattern.littleEndianBytes),
      field("std_negative", 55, at: 28, Float(-1).bitPattern.littleEndianBytes),
      contents("preprocessing_longer", 56, code: .contentSize, .preprocessing) { $0.append(0) },
      contents("preprocessing_shorter", 56, code: .contentSize, .preprocessing) { $0.removeLast() },
    ]
  }

  private static func selfTest() throws -> [Vector] {
    try [
      contents("self_test_longer", 58, code: .contentSize, .selfTest) { $0.append(0) },
      contents("self_test_shorter", 58, code: .contentSize, .selfTest) { $0.removeLast() },
    ]
  }
}

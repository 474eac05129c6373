@testable import NNQFormat

extension Vector {
  static func invalidHeaders() throws -> [Vector] {
    try damagedBytes() + headerFields() + limits()
  }

  /// The smallest file with its bytes changed after all checksums were made.
  private static func damaged(
    _ name: String, _ rules: Int..., code: FormatError.Code, _ change: (inout [UInt8]) -> Void
  ) throws -> Vector {
    var bytes = try RawFile(SampleModels.smallest).encoded()
    change(&bytes)
    return Vector(name: name, rules: rules, code: code, bytes: bytes)
  }

  private static func damagedBytes() throws -> [Vector] {
    try [
      damaged("signature_line_ends", 4, code: .badSignature) { $0.remove(at: 4) },
      damaged("signature_line_ends_added", 4, code: .badSignature) { $0.insert(0x0D, at: 7) },
      damaged("signature_seven_bits", 4, code: .badSignature) { $0[0] &= 0x7F },
      damaged("signature_other", 4, code: .badSignature) { $0.replaceSubrange(0..<4, with: Array("PK\u{3}\u{4}".utf8)) },
      damaged("empty", 3, code: .truncated) { $0 = [] },
      damaged("truncated_header", 3, code: .truncated) { $0.removeLast($0.count - 63) },
      damaged("truncated_table", 3, code: .truncated) { $0.removeLast($0.count - 64) },
      damaged("truncated", 3, code: .truncated) { $0.removeLast() },
      damaged("trailing", 3, code: .trailingBytes) { $0.append(0) },
      damaged("major", 5, code: .unsupportedVersion) { $0[8] = 2 },
      damaged("header_crc", 12, code: .checksumMismatch) { $0[60] ^= 1 },
      damaged("header_damaged", 12, code: .checksumMismatch) { $0[41] ^= 0x80 },
      damaged("table_damaged", 11, code: .checksumMismatch) { $0[64 + 7] ^= 1 },
      damaged("graph_damaged", 14, code: .checksumMismatch) { $0[192 + 20] ^= 4 },
      damaged("values_damaged", 14, code: .checksumMismatch) { $0[$0.count - 1] ^= 1 },
    ]
  }

  private static func headerFields() throws -> [Vector] {
    try [
      invalid("section_count_1", 7, code: .sectionCount) { $0.patchHeader(at: 12, UInt32(1).littleEndianBytes) },
      invalid("section_count_huge", 7, code: .sectionCount) { $0.patchHeader(at: 12, UInt32(1 << 20 + 1).littleEndianBytes) },
      invalid("file_size_small", 3, code: .trailingBytes) { $0.patchHeader(at: 16, UInt64(300).littleEndianBytes) },
      invalid("file_size_large", 3, code: .truncated) { $0.patchHeader(at: 16, UInt64(3000).littleEndianBytes) },
      invalid("raw_sum", 8, code: .sizeMismatch) { $0.patchHeader(at: 24, UInt64(1).littleEndianBytes) },
      invalid("constant_sum_small", 9, code: .sizeMismatch) { $0.constantByteCount -= 1 },
      invalid("constant_sum_large", 9, code: .sizeMismatch) { $0.constantByteCount += 1 },
      invalid("float_activations", 10, code: .valueOutOfRange, model: SampleModels.float([1])) {
        $0.cost.activationByteCount = 64
      },
      invalid("float_macs", 10, code: .valueOutOfRange, model: SampleModels.float([1])) { $0.cost.macCount = 1 },
      invalid("table_crc", 11, code: .checksumMismatch) { $0.patchHeader(at: 56, [0, 0, 0, 0]) },
    ]
  }

  /// Beyond the defaults of the reference reader.
  private static func limits() throws -> [Vector] {
    let beyond = UInt64(1 << 31 + 1).littleEndianBytes
    return try [
      invalid("limit_sections", 59, code: .limitExceeded) { $0.patchHeader(at: 12, UInt32(65_537).littleEndianBytes) },
      invalid("limit_file", 59, code: .limitExceeded) { $0.patchHeader(at: 16, beyond) },
      invalid("limit_raw", 59, code: .limitExceeded) { $0.patchHeader(at: 24, beyond) },
      invalid("limit_constants", 59, code: .limitExceeded) { $0.patchHeader(at: 32, UInt64.max.littleEndianBytes) },
      invalid("limit_activations", 59, code: .limitExceeded) { $0.patchHeader(at: 40, beyond) },
      invalid("limit_tensors", 59, code: .limitExceeded) { $0.patch(.graph, at: 4, UInt32(1 << 20 + 1).littleEndianBytes) },
      invalid("limit_nodes", 59, code: .limitExceeded) { $0.patch(.graph, at: 8, UInt32.max.littleEndianBytes) },
    ]
  }
}

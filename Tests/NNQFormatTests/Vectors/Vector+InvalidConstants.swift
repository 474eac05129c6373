@testable import NNQFormat

extension Vector {
  static func invalidConstants() throws -> [Vector] {
    try storage() + streams() + masks() + gaps() + codes()
  }

  /// The record of constant w, the first.
  private static let record = 4

  private static func storage() throws -> [Vector] {
    func field(_ name: String, _ rule: Int, code: FormatError.Code = .valueOutOfRange, at offset: Int, _ bytes: [UInt8]) throws -> Vector {
      try invalid(name, rule, code: code) { $0.patch(.storage, at: offset, bytes) }
    }
    return try [
      field("storage_count", 39, code: .contentSize, at: 0, [3]),
      invalid("storage_longer", 39, code: .contentSize) { $0.edit(.storage) { $0.append(0) } },
      invalid("storage_shorter", 39, code: .contentSize) { $0.edit(.storage) { $0.removeLast() } },
      field("positions_3", 40, at: record, [3]),
      field("bits_9", 41, at: record + 1, [9]),
      field("codes_of_s32", 41, at: record + 12 + 1, [8]),
      field("levels_2", 41, at: record + 2, [2]),
      field("levels_of_raw", 41, at: record + 12 + 2, [1]),
      field("planes_2", 41, at: record + 3, [2]),
      field("planes_of_raw", 41, at: record + 12 + 3, [1]),
      field("planes_of_4_bits", 41, at: record + 1, [4, 0, 1]),
      field("planes_of_table", 41, at: record + 2, [1, 1]),
      field("kept_fewer_dense", 42, at: record + 4, [1]),
      field("kept_more", 42, at: record + 4, [3]),
      field("kept_more_mask", 42, at: record, [1, 8, 0, 0, 3]),
      field("gap_bytes_of_dense", 43, at: record + 8, [1]),
      field("gap_bytes_few", 43, at: record, [2, 8, 0, 0, 2, 0, 0, 0, 1]),
      field("gap_bytes_many", 43, at: record, [2, 8, 0, 0, 2, 0, 0, 0, 3]),
    ]
  }

  private static func streams() throws -> [Vector] {
    try [
      invalid("values_longer", 44, code: .sizeMismatch) { $0.edit(.values) { $0.append(0) } },
      invalid("values_shorter", 44, code: .sizeMismatch) { $0.edit(.values) { $0.removeLast() } },
      invalid("values_missing", 44, code: .sizeMismatch) { $0.sections.remove(at: $0.index(of: .values)) },
      invalid("positions_of_dense", 44, code: .sizeMismatch) {
        $0.sections.insert(RawFile.Section(RawSection(.positions, [0])), at: $0.index(of: .values))
      },
    ]
  }

  /// w = 1, 0, 0, ... with the last element 2.
  private static let sparse = SampleModels.weights([1] + Array(repeating: 0, count: 9) + [2], .uniform(bits: 8))

  private static func masks() throws -> [Vector] {
    func mask(_ name: String, _ rule: Int, code: FormatError.Code, _ bytes: [UInt8]) throws -> Vector {
      try invalid(name, rule, code: code, model: sparse, positions: .mask) { $0.patch(.positions, at: 0, bytes) }
    }
    return try [
      mask("mask_trailing_bits", 45, code: .reservedNotZero, [1, 8 | 4]),
      mask("mask_many_ones", 46, code: .invalidPositions, [3, 4]),
      mask("mask_few_ones", 46, code: .invalidPositions, [0, 4]),
      invalid("mask_kept_zero", 49, code: .invalidPositions, model: sparse, positions: .mask) { $0.patch(.values, at: 1, [0x80]) },
      invalid("gaps_kept_zero_float", 49, code: .invalidPositions, model: SampleModels.float([1, 0, 2]), positions: .gaps) {
        $0.edit(.values) { $0 = Array(repeating: 0, count: $0.count) }
      },
    ]
  }

  private static func gaps() throws -> [Vector] {
    let far = SampleModels.weights([1] + Array(repeating: 0, count: 300) + [2], .uniform(bits: 8))
    return try [
      invalid("gaps_past_the_end", 48, code: .invalidPositions, model: sparse, positions: .gaps) { $0.patch(.positions, at: 1, [10]) },
      invalid("gaps_few_elements", 47, code: .invalidPositions, model: sparse, positions: .gaps) { $0.patch(.positions, at: 0, [255]) },
      invalid("gaps_last_byte", 47, code: .invalidPositions, model: far, positions: .gaps) { $0.patch(.positions, at: 1, [46, 255]) },
      invalid("gaps_many_elements", 47, code: .invalidPositions, model: far, positions: .gaps) { $0.patch(.positions, at: 1, [254]) },
    ]
  }

  /// The codes of w follow the shift of one byte in the values stream.
  private static let codesStart = 1

  private static func codes() throws -> [Vector] {
    func uniform(_ name: String, _ rule: Int, bits: Int, code: FormatError.Code = .invalidCode, _ bytes: [UInt8]) throws -> Vector {
      try invalid(name, rule, code: code, model: SampleModels.weights([-1, 0, -1], .uniform(bits: bits))) {
        $0.patch(.values, at: codesStart, bytes)
      }
    }
    func table(_ name: String, _ rule: Int, _ bytes: [UInt8]) throws -> Vector {
      try invalid(name, rule, code: .invalidCode, model: SampleModels.weights([-1, 5, 7], .levels([-1, 5, 7], bits: 2))) {
        $0.patch(.values, at: codesStart, bytes)
      }
    }
    func nibbles(_ name: String, _ rule: Int, code: FormatError.Code, at byte: Int, _ value: UInt8) throws -> Vector {
      try invalid(name, rule, code: code, model: SampleModels.weights([-1, 0, -1], .uniform(bits: 8))) {
        $0.splitCodes(count: 3)
        $0.patch(.values, at: codesStart + byte, [value])
      }
    }
    return try [
      nibbles("nibbles_minus_128", 51, code: .invalidCode, at: 2, 0x07),
      nibbles("nibbles_trailing_low", 52, code: .reservedNotZero, at: 1, 0x1F),
      nibbles("nibbles_trailing_high", 52, code: .reservedNotZero, at: 3, 0x17),
      uniform("level_minus_128", 51, bits: 8, [0x7F, 0]),
      uniform("code_of_7_bits", 51, bits: 7, [0x80]),
      uniform("code_of_3_bits", 51, bits: 3, [0x83]),
      uniform("codes_trailing_bits_1", 52, bits: 1, code: .reservedNotZero, [0b1010]),
      uniform("codes_trailing_bits_2", 52, bits: 2, code: .reservedNotZero, [0b01_10_01 | 0x80]),
      uniform("codes_trailing_bits_4", 52, bits: 4, code: .reservedNotZero, [0x87, 0x17]),
      table("table_minus_128", 50, [0x80]),
      table("table_descends", 50, [0xFF, 5, 4]),
      table("table_repeats_early", 50, [0xFF, 0xFF, 5, 7]),
      table("table_ends_otherwise", 50, [0xFF, 5, 7, 6]),
      table("code_of_repetition", 51, [0xFF, 5, 7, 7, 0b11_01_00]),
    ]
  }
}

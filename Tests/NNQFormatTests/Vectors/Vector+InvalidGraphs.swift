@testable import NNQFormat

/// Places in the graph section of the smallest model.
private enum Place {
  /// Tensor x: type, role, rank, reserved, two bytes of name length, "x", 1, 2, scale, zero point.
  static let x = 16
  static let xShape = x + 7
  static let xScale = x + 15
  static let xZeroPoint = x + 19
  static let w = x + 23
  static let b = w + 15
  static let node = 110
  static let input = 154
  static let output = input + 8
}

extension Vector {
  static func invalidGraphs() throws -> [Vector] {
    try graphFields() + tensorFields() + names() + shapes() + quantizations() + nodes() + ports()
  }

  private static func graph(_ name: String, _ rules: Int..., code: FormatError.Code, at offset: Int, _ bytes: [UInt8]) throws -> Vector {
    var vector = try invalid(name, code: code) { $0.patch(.graph, at: offset, bytes) }
    vector.rules = rules
    return vector
  }

  private static func graphFields() throws -> [Vector] {
    try [
      graph("kind_2", 25, code: .valueOutOfRange, at: 0, [2]),
      graph("graph_reserved", 1, code: .reservedNotZero, at: 3, [1]),
      graph("tensor_count_large", 26, code: .contentSize, at: 4, [200]),
      graph("node_count_large", 26, code: .contentSize, at: 8, [200]),
      graph("no_inputs", 27, code: .valueOutOfRange, at: 12, [0]),
      graph("no_outputs", 27, code: .valueOutOfRange, at: 14, [0]),
      invalid("graph_longer", 26, code: .contentSize) { $0.edit(.graph) { $0.append(0) } },
      invalid("graph_shorter", 26, code: .contentSize) { $0.edit(.graph) { $0.removeLast() } },
      invalid("graph_of_one_byte", 26, code: .contentSize) { $0.edit(.graph) { $0 = [0] } },
    ]
  }

  private static func tensorFields() throws -> [Vector] {
    try [
      graph("element_type_0", 28, code: .valueOutOfRange, at: Place.x, [0]),
      graph("element_type_8", 28, code: .valueOutOfRange, at: Place.x, [8]),
      graph("role_2", 28, code: .valueOutOfRange, at: Place.x + 1, [2]),
      graph("rank_9", 29, code: .valueOutOfRange, at: Place.x + 2, [9]),
      graph("tensor_reserved", 1, code: .reservedNotZero, at: Place.x + 3, [1]),
    ]
  }

  private static func names() throws -> [Vector] {
    var long = SampleModels.smallest
    long.graph.tensors[0].name = String(repeating: "n", count: 1024)
    return try [
      invalid("name_long", 30, code: .valueOutOfRange, model: long) {
        $0.patch(.graph, at: Place.x + 4, UInt16(1025).littleEndianBytes)
      },
      graph("name_past_the_end", 26, code: .contentSize, at: Place.x + 4, [255]),
      graph("name_duplicate", 31, code: .duplicateName, at: Place.b + 6, Array("w".utf8)),
      graph("name_nul", 2, code: .invalidText, at: Place.x + 6, [0]),
      graph("name_not_utf8", 2, code: .invalidText, at: Place.x + 6, [0xFF]),
      renamed("name_truncated_utf8", [0xE2, 0x82]),
      renamed("name_overlong_utf8", [0xC0, 0xAF]),
      renamed("name_surrogate", [0xED, 0xA0, 0x80]),
      renamed("name_beyond_unicode", [0xF4, 0x90, 0x80, 0x80]),
    ]
  }

  /// Tensor x with a name of several bytes.
  private static func renamed(_ name: String, _ bytes: [UInt8]) throws -> Vector {
    var model = SampleModels.smallest
    model.graph.tensors[0].name = String(repeating: "n", count: bytes.count)
    return try invalid(name, 2, code: .invalidText, model: model) { $0.patch(.graph, at: Place.x + 6, bytes) }
  }

  private static func shapes() throws -> [Vector] {
    var deep = SampleModels.smallest
    deep.graph.tensors[0].shape = Array(repeating: 1, count: 8)
    return try [
      graph("extent_0", 32, code: .valueOutOfRange, at: Place.xShape, [0]),
      graph("extent_2_31", 32, code: .valueOutOfRange, at: Place.xShape, UInt32(1 << 31).littleEndianBytes),
      graph("shape_product", 32, code: .valueOutOfRange, at: Place.xShape, [0, 0, 0, 1, 128, 0, 0, 0]),
      graph("shape_bytes", 32, code: .valueOutOfRange, at: Place.b + 7, UInt32(1 << 29).littleEndianBytes),
      invalid("shape_overflows", 32, code: .valueOutOfRange, model: deep) {
        $0.patch(.graph, at: Place.xShape, Array(repeating: UInt32(1 << 30), count: 8).flatMap(\.littleEndianBytes))
      },
    ]
  }

  private static func quantizations() throws -> [Vector] {
    func scale(_ name: String, _ value: Float) throws -> Vector {
      try graph(name, 33, code: .valueOutOfRange, at: Place.xScale, value.bitPattern.littleEndianBytes)
    }
    return try [
      scale("scale_nan", .nan), scale("scale_infinite", .infinity), scale("scale_0", 0), scale("scale_negative", -1),
      scale("scale_subnormal", .leastNormalMagnitude.nextDown),
      graph("zero_point_256", 33, code: .valueOutOfRange, at: Place.xZeroPoint, UInt32(256).littleEndianBytes),
      graph("zero_point_negative", 33, code: .valueOutOfRange, at: Place.xZeroPoint, UInt32.max.littleEndianBytes),
    ]
  }

  private static func nodes() throws -> [Vector] {
    try [
      graph("node_version", 34, code: .unsupportedVersion, at: Place.node + 2, [2]),
      graph("node_without_output", 35, code: .valueOutOfRange, at: Place.node + 4, [0]),
      graph("node_reserved", 1, code: .reservedNotZero, at: Place.node + 7, [1]),
      graph("node_input", 36, code: .indexOutOfRange, at: Place.node + 8, [6]),
      graph("node_output", 36, code: .indexOutOfRange, at: Place.node + 28, UInt32.max.littleEndianBytes),
      graph("node_attributes_past_the_end", 26, code: .contentSize, at: Place.node + 5, [255]),
    ]
  }

  private static func ports() throws -> [Vector] {
    try [
      graph("port_constant", 37, code: .indexOutOfRange, at: Place.input, [1]),
      graph("port_tensor", 37, code: .indexOutOfRange, at: Place.output, [6]),
      graph("port_layout", 38, code: .valueOutOfRange, at: Place.input + 4, [2]),
      graph("port_reserved", 1, code: .reservedNotZero, at: Place.output + 7, [1]),
    ]
  }
}

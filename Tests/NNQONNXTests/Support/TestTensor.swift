/// A stored tensor: its fields as they are encoded, agreeing with each other or not.
struct TestTensor {
  var name = ""
  var dims: [Int64] = []
  var dataType: Int64 = 1
  var raw: [UInt8]?
  var floatData: [Float] = []
  var int32Data: [Int64] = []
  var int64Data: [Int64] = []
  var uint64Data: [Int64] = []
  var isExternal = false
  /// Entries of `external_data`: keys and values.
  var externalData: [(String, String)] = []

  static func floats(_ name: String, _ dims: [Int], _ values: [Float]) -> TestTensor {
    var writer = ProtobufWriter()
    for value in values { writer.littleEndian(value.bitPattern) }
    return TestTensor(name: name, dims: dims.map { Int64($0) }, dataType: 1, raw: writer.bytes)
  }

  /// Floats 0, 1, 2, ...
  static func counting(_ name: String, _ dims: [Int]) -> TestTensor {
    .floats(name, dims, (0..<dims.reduce(1, *)).map { Float($0) })
  }

  static func integers(_ name: String, _ values: [Int64], dims: [Int]? = nil) -> TestTensor {
    var writer = ProtobufWriter()
    for value in values { writer.littleEndian(value) }
    return TestTensor(name: name, dims: (dims ?? [values.count]).map { Int64($0) }, dataType: 7, raw: writer.bytes)
  }

  static func booleans(_ name: String, _ dims: [Int], _ values: [Bool]) -> TestTensor {
    TestTensor(name: name, dims: dims.map { Int64($0) }, dataType: 9, raw: values.map { $0 ? 1 : 0 })
  }

  var bytes: [UInt8] {
    var writer = ProtobufWriter()
    writer.packed(1, dims)
    writer.integer(2, dataType)
    for value in floatData { writer.float(4, value) }
    if !int32Data.isEmpty { writer.packed(5, int32Data) }
    for value in int64Data { writer.integer(7, value) }
    writer.text(8, name)
    if let raw { writer.bytes(9, raw) }
    for value in uint64Data { writer.integer(11, value) }
    for (key, value) in externalData {
      var entry = ProtobufWriter()
      entry.text(1, key)
      entry.text(2, value)
      writer.bytes(13, entry.bytes)
    }
    if isExternal { writer.integer(14, 1) }
    return writer.bytes
  }
}

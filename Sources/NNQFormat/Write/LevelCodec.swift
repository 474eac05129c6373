/// Codes of s8 elements. Spec: format.md 5.5.
struct LevelCodec {
  let bits: Int
  let isTable: Bool
  /// The table as stored, empty if uniform.
  private let table: [UInt8]
  /// Indexed by the bits of an element; -1 for elements without a code.
  private let codes: [Int16]
  private let name: String

  /// Nil for raw elements.
  init?(_ coding: Constant.Coding, _ tensor: TensorRecord) throws(FormatError) {
    let levels: [Int8]
    switch coding {
    case .raw: return nil
    case .uniform(let bits):
      self.bits = bits
      isTable = false
      levels = (1...8).contains(bits) ? (0..<1 << bits).map { Int8($0 - 1 << (bits - 1)) } : []
    case .levels(let table, let bits):
      self.bits = bits
      isTable = true
      levels = table
    }
    name = tensor.name
    try Self.check(levels, bits: bits, isTable: isTable, tensor)
    table = isTable ? (0..<1 << bits).map { UInt8(bitPattern: levels[min($0, levels.count - 1)]) } : []
    var codes = [Int16](repeating: -1, count: 256)
    for (code, level) in levels.enumerated() where level != -128 { codes[Int(UInt8(bitPattern: level))] = Int16(code) }
    self.codes = codes
  }

  func hasCode(for element: Int8) -> Bool { codes[Int(UInt8(bitPattern: element))] >= 0 }

  /// The values part of the kept elements.
  func encode(_ elements: [UInt8]) throws(FormatError) -> [UInt8] {
    guard let illegal = elements.first(where: { codes[Int($0)] < 0 }) else {
      return table + pack(elements)
    }
    throw FormatError(
      .unencodable, got: "element \(Int8(bitPattern: illegal)) of constant \"\(name)\"", expected: "one of its levels")
  }

  private func pack(_ elements: [UInt8]) -> [UInt8] {
    let width = PackedCodes(bits: bits).width
    if width == 8 { return elements.map { UInt8(truncatingIfNeeded: codes[Int($0)]) } }
    var packed = [UInt8](repeating: 0, count: PackedCodes(bits: bits).byteCount(of: elements.count))
    for (index, element) in elements.enumerated() {
      packed[index * width / 8] |= UInt8(truncatingIfNeeded: codes[Int(element)]) << (index * width % 8)
    }
    return packed
  }

  private static func check(_ levels: [Int8], bits: Int, isTable: Bool, _ tensor: TensorRecord) throws(FormatError) {
    guard (1...8).contains(bits), tensor.elementType == .s8 else {
      throw FormatError(
        .unencodable, got: "\(bits)-bit codes of \(tensor.elementType) constant \"\(tensor.name)\"", expected: "1...8 bits, of s8")
    }
    guard isTable else { return }
    let isAscending = zip(levels, levels.dropFirst()).allSatisfy(<)
    guard (1...1 << bits).contains(levels.count), isAscending, levels[0] != -128 else {
      throw FormatError(
        .unencodable, got: "levels \(levels) of constant \"\(tensor.name)\"",
        expected: "1...\(1 << bits) ascending ones in -127...127")
    }
  }
}

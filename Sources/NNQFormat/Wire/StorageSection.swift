/// How the elements of one constant are stored. Spec: format.md 5.2.
public struct StorageRecord: Equatable, Sendable {
  public enum Positions: UInt8, Sendable, CaseIterable {
    case dense = 0
    case mask, gaps
  }
  public enum Levels: UInt8, Sendable {
    case uniform = 0
    case table
  }

  public enum Planes: UInt8, Sendable {
    case whole = 0
    case nibbles
  }

  static let byteCount = 12

  public var positions: Positions
  /// 0 for raw elements, 1...8 for codes.
  public var bits: Int
  public var levels: Levels
  /// How uniform 8-bit codes are laid out; `whole` for all others.
  public var planes: Planes = .whole
  /// Number of stored elements.
  public var keptCount: Int
  /// 0 unless positions is gaps.
  public var gapByteCount: Int

  func positionsByteCount(elementCount: Int) -> Int {
    switch positions {
    case .dense: 0
    case .mask: (elementCount + 7) / 8
    case .gaps: gapByteCount
    }
  }

  func valuesByteCount(elementType: ElementType) -> Int {
    guard bits > 0 else { return keptCount * elementType.byteCount }
    if planes == .nibbles { return 2 * NibblePlanes.planeByteCount(of: keptCount) }
    return (levels == .table ? 1 << bits : 0) + PackedCodes(bits: bits).byteCount(of: keptCount)
  }
}

enum StorageSection {
  /// One record for each constant among `tensors`.
  static func parse(_ bytes: [UInt8], origin: Origin, tensors: [TensorRecord]) throws(FormatError) -> [StorageRecord] {
    var parser = ContentParser(bytes, origin: origin)
    let count: UInt32 = try parser.integer()
    let constants = tensors.filter { $0.isConstant }
    guard count == constants.count else {
      throw parser.fieldError(.contentSize, got: "\(count) storage records", expected: "\(constants.count), one for each constant")
    }
    var records: [StorageRecord] = []
    records.reserveCapacity(constants.count)
    for constant in constants { records.append(try StorageRecord(&parser, tensor: constant)) }
    try parser.end()
    return records
  }

  static func encode(_ records: [StorageRecord]) throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendInteger(try narrow(records.count, "number of constants") as UInt32)
    for record in records {
      bytes += [record.positions.rawValue, UInt8(record.bits), record.levels.rawValue, record.planes.rawValue]
      bytes.appendInteger(try narrow(record.keptCount, "number of kept elements") as UInt32)
      bytes.appendInteger(try narrow(record.gapByteCount, "bytes of gaps") as UInt32)
    }
    return bytes
  }
}

extension StorageRecord {
  fileprivate init(_ parser: inout ContentParser, tensor: TensorRecord) throws(FormatError) {
    positions = try parser.value("positions")
    bits = Int(try parser.integer("bits", in: UInt8(0)...8))
    guard bits == 0 || tensor.elementType == .s8 else {
      throw parser.fieldError(.valueOutOfRange, got: "\(bits)-bit codes of \(tensor.elementType)", expected: "codes of s8 only")
    }
    levels = try parser.value("levels")
    guard bits > 0 || levels == .uniform else {
      throw parser.fieldError(.valueOutOfRange, got: "levels of raw elements", expected: "0")
    }
    planes = try parser.value("planes")
    guard planes == .whole || (bits == 8 && levels == .uniform) else {
      throw parser.fieldError(.valueOutOfRange, got: "planes of \(bits)-bit codes, \(levels) levels", expected: "uniform 8-bit codes")
    }
    let kept = try parser.integer("kept elements", in: UInt32(0)...UInt32(tensor.elementCount))
    keptCount = Int(kept)
    guard positions != .dense || keptCount == tensor.elementCount else {
      throw parser.fieldError(.valueOutOfRange, got: "\(kept) kept elements, dense", expected: "\(tensor.elementCount)")
    }
    let gapBytes: UInt32 = try parser.integer()
    gapByteCount = Int(gapBytes)
    // One byte for each kept element and one for each 255 zeros, at most.
    let range = positions == .gaps ? keptCount...(keptCount + (tensor.elementCount - keptCount) / 255) : 0...0
    guard range.contains(gapByteCount) else {
      throw parser.fieldError(.valueOutOfRange, got: "\(gapBytes) bytes of gaps", expected: "\(range.lowerBound)...\(range.upperBound)")
    }
  }
}

extension TensorRecord {
  var isConstant: Bool { if case .constant = role { true } else { false } }
}

/// The values part of one constant: its kept elements, from any of them on. Spec: format.md 5.5.
struct KeptElements {
  /// Nil for raw elements.
  private let levels: LevelTable?
  let coding: Constant.Coding
  private let record: StorageRecord
  private let width: Int
  private let part: StreamPart

  /// Checks the level table and the bits after the last code.
  init(_ part: StreamPart, _ record: StorageRecord, _ elementType: ElementType) throws(FormatError) {
    self.part = part
    self.record = record
    width = elementType.byteCount
    (coding, levels) = try Self.decodeCoding(part, record)
    if let levels, let offset = Self.firstPaddedByte(part.bytes, levels, record) {
      throw part.error(.reservedNotZero, at: offset, got: "bits after the last code", expected: "zeros")
    }
  }

  /// Decodes some of the elements.
  /// - Parameter scratch: takes as many elements and seven more.
  /// - Returns: the elements, within `scratch`.
  func decode(_ range: Range<Int>, into scratch: UnsafeMutableRawBufferPointer) throws(FormatError) -> UnsafeMutableRawBufferPointer {
    // From a whole byte of codes on.
    let start = range.lowerBound & ~7
    let elements = UnsafeMutableRawBufferPointer(rebasing: scratch[..<((range.upperBound - start) * width)])
    if let levels {
      try decodeCodes(levels, from: start, into: elements)
    } else {
      ElementPlanes.join(part.bytes, width: width, from: start, into: elements)
    }
    return UnsafeMutableRawBufferPointer(rebasing: elements[((range.lowerBound - start) * width)...])
  }

  private func decodeCodes(_ levels: LevelTable, from start: Int, into elements: UnsafeMutableRawBufferPointer) throws(FormatError) {
    let codeWidth: Int
    if record.planes == .nibbles {
      codeWidth = 4
      NibblePlanes.join(part.bytes, count: record.keptCount, from: start, into: elements)
    } else {
      let packed = PackedCodes(bits: record.bits)
      codeWidth = packed.width
      packed.unpack(
        UnsafeRawBufferPointer(rebasing: part.bytes[(levels.storedByteCount + start * codeWidth / 8)...]), through: levels, into: elements)
    }
    if let index = elements.firstOffset(of: LevelTable.illegal) {
      throw part.error(
        .invalidCode, at: levels.storedByteCount + (start + index) * codeWidth / 8, got: "a code without a level",
        expected: "codes of levels -127...127")
    }
  }

  private static func firstPaddedByte(_ bytes: UnsafeRawBufferPointer, _ levels: LevelTable, _ record: StorageRecord) -> Int? {
    if record.planes == .nibbles { return NibblePlanes.firstPaddedByte(bytes, count: record.keptCount) }
    let codes = UnsafeRawBufferPointer(rebasing: bytes[levels.storedByteCount...])
    return PackedCodes(bits: record.bits).isPaddingZero(codes, count: record.keptCount) ? nil : bytes.count - 1
  }

  /// Nil levels for raw elements.
  private static func decodeCoding(_ part: StreamPart, _ record: StorageRecord) throws(FormatError) -> (Constant.Coding, LevelTable?) {
    guard record.bits > 0 else { return (.raw, nil) }
    guard record.levels == .table else { return (.uniform(bits: record.bits), LevelTable(uniformBits: record.bits)) }
    let stored = part.bytes[..<(1 << record.bits)].map { Int8(bitPattern: $0) }
    let distinct = LevelTable.distinctPrefix(of: stored)
    guard stored[0] != -128, stored[distinct.count...].allSatisfy({ $0 == distinct.last }) else {
      throw part.error(.invalidCode, at: 0, got: "levels \(stored)", expected: "ascending, -127...127, the last one repeated")
    }
    return (.levels(distinct, bits: record.bits), LevelTable(distinct, bits: record.bits))
  }
}

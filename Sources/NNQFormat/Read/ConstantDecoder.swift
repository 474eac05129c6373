/// Turns the positions part and the values part of one constant into its elements. Spec: format.md 5.4, 5.5.
struct ConstantDecoder {
  let record: StorageRecord
  let elementType: ElementType
  let elementCount: Int
  let positions: StreamPart
  let values: StreamPart

  func decode() throws(FormatError) -> Constant {
    let (coding, levels) = try decodeCoding()
    let kept = try [UInt8].filled(record.keptCount * elementType.byteCount) { (kept) throws(FormatError) in
      try decodeKept(levels, into: kept)
    }
    if record.positions == .dense { return Constant(bytes: kept, coding: coding) }
    let bytes = try [UInt8].filled(elementCount * elementType.byteCount) { (elements) throws(FormatError) in
      try expand(kept, into: elements)
    }
    return Constant(bytes: bytes, coding: coding)
  }

  /// The kept elements, in order.
  /// - Parameter levels: the element for each code, nil for raw elements.
  private func decodeKept(_ levels: LevelTable?, into kept: UnsafeMutableRawBufferPointer) throws(FormatError) {
    guard let levels else {
      return ElementPlanes.join(values.bytes, width: elementType.byteCount, into: kept)
    }
    if record.planes == .nibbles { return try decodeNibbles(into: kept) }
    let codes = UnsafeRawBufferPointer(rebasing: values.bytes[levels.storedByteCount...])
    let packed = PackedCodes(bits: record.bits)
    guard packed.isPaddingZero(codes, count: record.keptCount) else {
      throw values.error(.reservedNotZero, at: values.bytes.count - 1, got: "bits after the last code", expected: "zeros")
    }
    packed.unpack(codes, through: levels, into: kept)
    if let index = kept.firstOffset(of: LevelTable.illegal) {
      throw values.error(
        .invalidCode, at: levels.storedByteCount + index * packed.width / 8, got: "a code without a level",
        expected: "codes of levels -127...127")
    }
  }

  private func decodeNibbles(into kept: UnsafeMutableRawBufferPointer) throws(FormatError) {
    if let offset = NibblePlanes.firstPaddedByte(values.bytes, count: record.keptCount) {
      throw values.error(.reservedNotZero, at: offset, got: "bits after the last code", expected: "zeros")
    }
    NibblePlanes.join(values.bytes, into: kept)
    if let index = kept.firstOffset(of: LevelTable.illegal) {
      throw values.error(.invalidCode, at: index / 2, got: "a code without a level", expected: "codes of levels -127...127")
    }
  }

  /// Nil levels for raw elements.
  private func decodeCoding() throws(FormatError) -> (Constant.Coding, LevelTable?) {
    guard record.bits > 0 else { return (.raw, nil) }
    guard record.levels == .table else { return (.uniform(bits: record.bits), LevelTable(uniformBits: record.bits)) }
    let stored = values.bytes[..<(1 << record.bits)].map { Int8(bitPattern: $0) }
    let distinct = LevelTable.distinctPrefix(of: stored)
    guard stored[0] != -128, stored[distinct.count...].allSatisfy({ $0 == distinct.last }) else {
      throw values.error(.invalidCode, at: 0, got: "levels \(stored)", expected: "ascending, -127...127, the last one repeated")
    }
    return (.levels(distinct, bits: record.bits), LevelTable(distinct, bits: record.bits))
  }

  private func expand(_ kept: [UInt8], into elements: UnsafeMutableRawBufferPointer) throws(FormatError) {
    switch elementType.byteCount {
    case 1: try expand(kept, into: elements, as: UInt8.self)
    case 2: try expand(kept, into: elements, as: UInt16.self)
    default: try expand(kept, into: elements, as: UInt32.self)
    }
  }

  /// - Parameter T: an unsigned integer of the element's width; only moved and compared with 0.
  private func expand<T: FixedWidthInteger & UnsignedInteger>(
    _ kept: [UInt8], into elements: UnsafeMutableRawBufferPointer, as type: T.Type
  ) throws(FormatError) {
    var failure: FormatError?
    kept.withUnsafeBytes { kept in
      // Safe: both hold whole elements, and arrays of bytes are allocated with an alignment of 16.
      let expansion = SparseExpansion(kept: kept.bindMemory(to: T.self), elements: elements.bindMemory(to: T.self))
      do throws(FormatError) {
        try expansion.checkNonzero(values)
        switch record.positions {
        case .dense: break
        case .mask: try expansion.expandMask(positions)
        case .gaps: try expansion.expandGaps(positions)
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }
}

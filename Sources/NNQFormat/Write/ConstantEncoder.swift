/// The two parts of a constant, and the record that tells how to read them. Spec: format.md 5.2...5.5.
struct EncodedConstant: Sendable {
  var record: StorageRecord
  var positions: [UInt8]
  var values: [UInt8]
  /// The values part falls into stretches of different statistics: byte planes.
  var planeCount: Int
  var elementType: ElementType
}

extension EncodedConstant {
  /// Planes that share sections with other parts would gain nothing.
  fileprivate var isWorthNibblePlanes: Bool {
    record.bits == 8 && record.levels == .uniform
      && NibblePlanes.planeByteCount(of: record.keptCount) >= SectionCutter.ownSectionByteCount
  }

  /// The same uniform 8-bit codes in two planes.
  fileprivate var withNibblePlanes: EncodedConstant {
    var encoded = self
    encoded.record.planes = .nibbles
    encoded.values = NibblePlanes.split(values)
    encoded.planeCount = 2
    return encoded
  }
}

/// Encodes a constant in each of the ways the format has.
struct ConstantEncoder {
  private let tensor: TensorRecord
  private let bytes: [UInt8]
  /// Bytes of an element.
  private let width: Int
  /// Nil for raw elements.
  private let codec: LevelCodec?

  /// - Throws: `unencodable` unless the constant has as many bytes as its shape says, and legal levels.
  init(_ tensor: TensorRecord) throws(FormatError) {
    guard case .constant(let constant) = tensor.role else { preconditionFailure("a constant is encoded") }
    self.tensor = tensor
    bytes = constant.bytes
    width = tensor.elementType.byteCount
    codec = try LevelCodec(constant.coding, tensor)
    let expected = tensor.elementCount * width
    guard bytes.count == expected else {
      throw FormatError(.unencodable, got: "\(bytes.count) bytes of constant \"\(tensor.name)\"", expected: "\(expected)")
    }
  }

  /// All encodings that can hold the elements.
  func encodings() throws(FormatError) -> [EncodedConstant] {
    var encodings: [EncodedConstant] = []
    let kept = keptIndices()
    if codec?.hasCode(for: 0) ?? true || kept.count == tensor.elementCount {
      let dense = try encode(.dense, positions: [], kept: bytes)
      encodings.append(dense)
      if dense.isWorthNibblePlanes { encodings.append(dense.withNibblePlanes) }
    }
    guard kept.count < tensor.elementCount else { return encodings }
    let keptBytes = gather(kept)
    encodings.append(try encode(.mask, positions: mask(of: kept), kept: keptBytes))
    encodings.append(try encode(.gaps, positions: gaps(of: kept), kept: keptBytes))
    return encodings
  }

  private func encode(_ positions: StorageRecord.Positions, positions part: [UInt8], kept: [UInt8]) throws(FormatError) -> EncodedConstant {
    let record = StorageRecord(
      positions: positions, bits: codec?.bits ?? 0, levels: codec?.isTable ?? false ? .table : .uniform,
      keptCount: kept.count / width, gapByteCount: positions == .gaps ? part.count : 0)
    return EncodedConstant(
      record: record, positions: part, values: try codec?.encode(kept) ?? ElementPlanes.split(kept, width: width),
      planeCount: codec == nil ? width : 1, elementType: tensor.elementType)
  }

  /// Elements that are not zero: with any bit set, so -0.0 is one.
  private func keptIndices() -> [Int] {
    bytes.withUnsafeBufferPointer { bytes in
      (0..<tensor.elementCount).filter { index in
        switch width {
        case 1: bytes[index] != 0
        default: bytes[index * width..<(index + 1) * width].contains { $0 != 0 }
        }
      }
    }
  }

  private func gather(_ kept: [Int]) -> [UInt8] {
    if width == 1 { return kept.map { bytes[$0] } }
    return kept.flatMap { bytes[$0 * width..<($0 + 1) * width] }
  }

  private func mask(of kept: [Int]) -> [UInt8] {
    var mask = [UInt8](repeating: 0, count: (tensor.elementCount + 7) / 8)
    for index in kept { mask[index / 8] |= 1 << (index % 8) }
    return mask
  }

  private func gaps(of kept: [Int]) -> [UInt8] {
    var gaps: [UInt8] = []
    gaps.reserveCapacity(kept.count)
    var next = 0
    for index in kept {
      let zeros = index - next
      gaps.append(contentsOf: repeatElement(255, count: zeros / 255))
      gaps.append(UInt8(zeros % 255))
      next = index + 1
    }
    return gaps
  }
}

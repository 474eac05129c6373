import NNQFormat

/// Typed views of a constant's little-endian bytes.
extension Tensor {
  /// The elements of a constant of any integer type; empty for activations.
  package var integers: [Int] {
    guard let bytes = constant?.bytes else { return [] }
    let width = elementType.byteCount
    return (0..<bytes.count / width).map { index in
      let word = (0..<width).reduce(UInt32(0)) { $0 | UInt32(bytes[index * width + $1]) << UInt32(8 * $1) }
      return switch elementType {
      case .u8, .u16, .u32: Int(word)
      case .s8: Int(Int8(truncatingIfNeeded: word))
      case .s16: Int(Int16(truncatingIfNeeded: word))
      case .s32, .f32: Int(Int32(bitPattern: word))
      }
    }
  }
}

extension ElementType {
  /// n of operators.md 3.5: entries of a table for activations of this type.
  package var tableEntryCount: Int { self == .u8 ? 256 : 513 }
}

extension Constant {
  /// Little-endian bytes of `values`, which must fit `elementType`.
  package init<Values: Collection<Int>>(_ values: Values, as elementType: ElementType, coding: Coding = .raw) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count * elementType.byteCount)
    for value in values {
      for plane in 0..<elementType.byteCount { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * plane))) }
    }
    self.init(bytes: bytes, coding: coding)
  }
}

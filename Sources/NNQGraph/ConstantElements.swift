import NNQFormat

/// Typed views of a constant's little-endian bytes.
extension Tensor {
  /// The elements of a constant of any integer type; empty for activations.
  package var integers: [Int] {
    guard let bytes = constant?.bytes else { return [] }
    return bytes.withUnsafeBytes { bytes in
      switch elementType {
      case .u8: bytes.integers(UInt8.self)
      case .s8: bytes.integers(Int8.self)
      case .u16: bytes.integers(UInt16.self)
      case .s16: bytes.integers(Int16.self)
      case .u32: bytes.integers(UInt32.self)
      case .s32, .f32: bytes.integers(Int32.self)
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Little-endian elements of one type.
  @inline(__always)
  fileprivate func integers<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> [Int] {
    let width = MemoryLayout<T>.size
    return (0..<count / width).map { Int(T(littleEndian: loadUnaligned(fromByteOffset: $0 * width, as: T.self))) }
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

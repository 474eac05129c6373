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

/// The sums that the overflow bound and the zero point's correction need. Spec: operators.md 5.3.
package struct WeightSums: Equatable, Sendable {
  /// W+ and W-, both 0 or more.
  package var positive: Int
  package var negative: Int
  package var total: Int { positive - negative }

  /// Sums in 16 bits for as many weights as cannot overflow them: the loop vectorises with narrow lanes, and loading a model
  /// waits for it (0.4 ms for 4.6 MB, half of what 32-bit sums take).
  fileprivate init(_ weights: UnsafeBufferPointer<UInt8>) {
    var total = 0
    var magnitude = 0
    var rest = weights[...]
    while !rest.isEmpty {
      let block = UnsafeBufferPointer(rebasing: rest.prefix(255))
      rest = rest.dropFirst(255)
      var blockTotal: Int16 = 0
      var blockMagnitude: Int16 = 0
      for byte in block {
        let weight = Int16(Int8(bitPattern: byte))
        blockTotal &+= weight
        blockMagnitude &+= weight < 0 ? 0 &- weight : weight
      }
      total += Int(blockTotal)
      magnitude += Int(blockMagnitude)
    }
    positive = (magnitude + total) / 2
    negative = (magnitude - total) / 2
  }
}

extension Constant {
  /// Whether -128 is among s8 weights. Looks at every byte, so that the loop vectorises.
  var holdsForbiddenWeight: Bool {
    bytes.withUnsafeBufferPointer { bytes in
      var found: UInt8 = 0
      for byte in bytes { found |= byte == 0x80 ? 1 : 0 }
      return found != 0
    }
  }
}

extension Tensor {
  /// For each output channel (axis 0) of s8 weights. One pass over the weights.
  package var weightSums: [WeightSums] {
    guard let constant, let channelCount = shape.first, channelCount > 0 else { return [] }
    let depth = constant.bytes.count / channelCount
    return constant.bytes.withUnsafeBufferPointer { bytes in
      (0..<channelCount).map { channel in
        // Safe: channelCount * depth <= bytes.count, the slice is bounds-checked.
        let row = UnsafeBufferPointer(rebasing: bytes[channel * depth..<(channel + 1) * depth])
        return WeightSums(row)
      }
    }
  }
}

/// How an array file writes an element; decoding gives the nearest type of `InputArray.Values`.
struct WireType: Equatable, Sendable {
  enum Number: Equatable, Sendable { case unsigned, signed, float }

  var number: Number
  var byteCount: Int
  var isBigEndian = false

  /// - Parameter bytes: a whole number of elements.
  /// - Throws: `malformed` for an unsigned 64-bit value above Int64.max.
  func decode(_ bytes: [UInt8], file: String) throws(InputError) -> InputArray.Values {
    switch (number, byteCount) {
    case (.unsigned, 1): return .uint8(bytes)
    case (.unsigned, 2): return .int32(integers(UInt16.self, bytes).map { Int32($0) })
    case (.unsigned, 4): return .int64(integers(UInt32.self, bytes).map { Int64($0) })
    case (.unsigned, _): return .int64(try int64(integers(UInt64.self, bytes), file: file))
    case (.signed, 1): return .int8(integers(Int8.self, bytes))
    case (.signed, 2): return .int16(integers(Int16.self, bytes))
    case (.signed, 4): return .int32(integers(Int32.self, bytes))
    case (.signed, _): return .int64(integers(Int64.self, bytes))
    case (.float, 2): return .float32(integers(UInt16.self, bytes).map(floatFromHalf))
    case (.float, 4): return .float32(integers(UInt32.self, bytes).map { Float(bitPattern: $0) })
    case (.float, _): return .float32(integers(UInt64.self, bytes).map { Float(Double(bitPattern: $0)) })
    }
  }

  private func integers<T: FixedWidthInteger>(_ type: T.Type, _ bytes: [UInt8]) -> [T] {
    let width = T.bitWidth / 8
    return bytes.withUnsafeBytes { buffer in
      (0..<buffer.count / width).map { index in
        // Safe: (index + 1) * width <= buffer.count.
        let raw = buffer.loadUnaligned(fromByteOffset: index * width, as: T.self)
        return isBigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
      }
    }
  }

  private func int64(_ values: [UInt64], file: String) throws(InputError) -> [Int64] {
    var result: [Int64] = []
    result.reserveCapacity(values.count)
    for value in values {
      guard let number = Int64(exactly: value) else { throw InputError(.malformed, file, "value \(value) is above 2^63-1") }
      result.append(number)
    }
    return result
  }
}

/// IEEE 754 binary16 to binary32, exactly.
func floatFromHalf(_ bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * 0x1p-24
    return sign == 0 ? magnitude : -magnitude
  case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}

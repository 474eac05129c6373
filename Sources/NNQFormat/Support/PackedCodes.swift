#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The element for each code of a constant. Spec: format.md 5.5.
struct LevelTable {
  /// What no level may be; stands at the codes without a level.
  static let illegal = UInt8(bitPattern: -128)

  /// Indexed by code; the bits of an s8.
  let elements: [UInt8]
  /// Bytes of the table in the values part.
  let storedByteCount: Int
  /// Whether an element is its code with the top bit inverted.
  let isFullUniform: Bool

  /// level[c] = c - 2^(bits - 1).
  init(uniformBits bits: Int) {
    let half = 1 << (bits - 1)
    elements = (0..<256).map { code in code < 1 << bits ? UInt8(truncatingIfNeeded: code - half) : Self.illegal }
    storedByteCount = 0
    isFullUniform = bits == 8
  }

  /// - Parameter levels: ascending; codes past the last one are illegal.
  init(_ levels: [Int8], bits: Int) {
    elements = (0..<256).map { $0 < levels.count ? UInt8(bitPattern: levels[$0]) : Self.illegal }
    storedByteCount = 1 << bits
    isFullUniform = false
  }

  /// The levels up to the first that is not above the one before it.
  static func distinctPrefix(of levels: [Int8]) -> [Int8] {
    let end = levels.indices.dropFirst().first { levels[$0] <= levels[$0 - 1] } ?? levels.count
    return Array(levels[..<end])
  }
}

/// Codes in fields of 1, 2, 4 or 8 bits, the first in the lowest bits.
struct PackedCodes {
  let width: Int

  /// The smallest width that holds codes of `bits`; 0 for none.
  init(bits: Int) { width = bits <= 2 ? bits : bits <= 4 ? 4 : 8 }

  func byteCount(of count: Int) -> Int { (count * width + 7) / 8 }

  func isPaddingZero(_ packed: UnsafeRawBufferPointer, count: Int) -> Bool {
    let usedBits = count * width % 8
    guard usedBits > 0, let last = packed.last else { return true }
    return last >> usedBits == 0
  }

  /// - Parameter elements: one byte for each code; `packed` has byteCount(of: elements.count) bytes.
  func unpack(_ packed: UnsafeRawBufferPointer, through levels: LevelTable, into elements: UnsafeMutableRawBufferPointer) {
    // Safe: indices stay below the counts that the caller has matched; a table has an entry for each byte.
    if levels.isFullUniform {
      for index in 0..<elements.count { elements[index] = packed[index] ^ 0x80 }
      return
    }
    levels.elements.withUnsafeBufferPointer { table in
      switch width {
      case 1: unpack(packed, table, into: elements, width: 1)
      case 2: unpack(packed, table, into: elements, width: 2)
      case 4: unpack(packed, table, into: elements, width: 4)
      default: unpack(packed, table, into: elements, width: 8)
      }
    }
  }

  /// With a constant width the shifts are constants.
  @inline(__always)
  private func unpack(
    _ packed: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt8>, into elements: UnsafeMutableRawBufferPointer, width: Int
  ) {
    let perByte = 8 / width
    let mask = UInt8(truncatingIfNeeded: 1 << width - 1)
    let whole = elements.count / perByte
    for byte in 0..<whole {
      var bits = packed[byte]
      for field in 0..<perByte {
        elements[byte &* perByte &+ field] = table[Int(bits & mask)]
        bits = bits &>> UInt8(truncatingIfNeeded: width & 7)
      }
    }
    for index in whole * perByte..<elements.count {
      let bits = packed[whole] >> UInt8(index % perByte * width)
      elements[index] = table[Int(bits & mask)]
    }
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Found by memchr, at memory speed in any build.
  func firstOffset(of byte: UInt8) -> Int? {
    guard let baseAddress, let found = memchr(baseAddress, Int32(byte), count) else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(baseAddress)
  }
}

import CZlib

/// zlib's CRC-32.
func crc32(of bytes: UnsafeRawBufferPointer) -> UInt32 {
  guard let base = bytes.baseAddress else { return 0 }
  // Safe: base points to bytes.count readable bytes.
  return UInt32(truncatingIfNeeded: crc32_z(0, base.assumingMemoryBound(to: UInt8.self), bytes.count))
}

func crc32(of bytes: some Collection<UInt8>) -> UInt32 {
  bytes.withContiguousStorageIfAvailable { crc32(of: UnsafeRawBufferPointer($0)) } ?? Array(bytes).withUnsafeBytes(crc32(of:))
}

func checkCRC(stored: UInt32, computed: UInt32, origin: Origin, at offset: Int = 0) throws(FormatError) {
  guard stored == computed else {
    throw origin.error(
      .checksumMismatch, at: offset, got: "CRC \(hexadecimal(computed)) computed", expected: "\(hexadecimal(stored)) as stored")
  }
}

/// Two digits for each byte.
func hexadecimal(_ value: some FixedWidthInteger & UnsignedInteger, uppercase: Bool = true) -> String {
  let digits = String(value, radix: 16, uppercase: uppercase)
  return String(repeating: "0", count: value.bitWidth / 4 - digits.count) + digits
}

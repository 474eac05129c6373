import CZlib

/// Inflates zlib streams, RFC 1950, one after the other with the same tables.
final class Inflater {
  private static let headerByteCount = 2
  private static let checksumByteCount = 4
  private let decoder = DeflateDecoder()

  /// - Throws: `corruptStream` unless `stored` is exactly one valid zlib stream without preset dictionary that holds
  ///   exactly `raw.count` bytes.
  func inflate(
    _ stored: UnsafeRawBufferPointer, into raw: UnsafeMutableRawBufferPointer, origin: Origin
  ) throws(FormatError) {
    do throws(DeflateDefect) {
      try inflate(stored.bindMemory(to: UInt8.self), into: raw.bindMemory(to: UInt8.self))
    } catch {
      throw origin.error(.corruptStream, at: 0, got: error.rawValue, expected: "one zlib stream of \(raw.count) bytes")
    }
  }

  private func inflate(
    _ stored: UnsafeBufferPointer<UInt8>, into raw: UnsafeMutableBufferPointer<UInt8>
  ) throws(DeflateDefect) {
    try checkHeader(stored)
    var reader = BitReader(stored, from: Self.headerByteCount)
    let count: Int
    do throws(DeflateDefect) { count = try decoder.decode(&reader, into: raw) } catch {
      // Zeros read past the end make other defects.
      try reader.check()
      throw error
    }
    guard count == raw.count else { throw .tooShort }
    let rest = try reader.alignedRest()
    guard rest.count >= Self.checksumByteCount else { throw .truncated }
    guard rest.count == Self.checksumByteCount else { throw .trailingBytes }
    let checksum = rest.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    guard checksum == UInt32(truncatingIfNeeded: adler32_z(1, raw.baseAddress, raw.count)) else { throw .checksum }
  }

  /// RFC 1950, 2.2: method 8, a window of 32 KiB at most, a checksum, no preset dictionary.
  private func checkHeader(_ stored: UnsafeBufferPointer<UInt8>) throws(DeflateDefect) {
    guard stored.count >= Self.headerByteCount else { throw .truncated }
    let method = Int(stored[0])
    let flags = Int(stored[1])
    guard method & 15 == 8, method >> 4 <= 7, (method << 8 | flags) % 31 == 0 else { throw .notZlib }
    guard flags & 0x20 == 0 else { throw .presetDictionary }
  }
}

extension SectionTable {
  /// Checks the CRC of a section's stored bytes and undoes its codec.
  /// - Parameter raw: has the section's rawByteCount.
  func decode(
    _ index: Int, stored: UnsafeRawBufferPointer, into raw: UnsafeMutableRawBufferPointer, inflater: Inflater
  ) throws(FormatError) {
    let entry = entries[index]
    let origin = storedOrigin(of: index)
    try checkCRC(stored: entry.crc, computed: crc32(of: stored), origin: origin)
    switch entry.codec {
    case .stored: raw.copyMemory(from: stored)
    case .zlib: try inflater.inflate(stored, into: raw, origin: origin)
    }
  }
}

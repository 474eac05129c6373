import CZlib
import TestSupport
import Testing

@testable import NNQFormat

/// Our inflate against zlib's: the same verdict and the same bytes.
@Suite struct InflaterTests {
  private static let strategies = [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED]
  private static let kinds: [(name: String, generate: @Sendable (Int, inout SeededRandom) -> [UInt8])] = [
    ("noise", { count, random in (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } }),
    ("zeros", { count, _ in Array(repeating: 0, count: count) }),
    (
      "bell",
      { count, random in (0..<count).map { _ in UInt8((0..<6).reduce(0) { sum, _ in sum + Int.random(in: 0...42, using: &random) }) } }
    ),
    ("steep", { count, random in (0..<count).map { _ in UInt8(min(255, random.next().trailingZeroBitCount * 4)) } }),
    ("repeats", { count, random in (0..<count).map { UInt8($0 * $0 / 97 % 23) ^ (random.next() % 50 == 0 ? 1 : 0) } }),
  ]

  @Test(arguments: strategies, kinds.indices)
  func inflatesWhatZlibDeflates(strategy: Int32, kind: Int) throws {
    var random = SeededRandom(seed: UInt64(kind))
    for count in [1, 2, 3, 7, 8, 9, 257, 258, 259, 5000] {
      let raw = Self.kinds[kind].generate(count, &random)
      for level in [0, 1, 9] as [Int32] {
        let stored = deflate(raw, level: level, strategy: strategy)
        #expect(ours(stored, rawByteCount: raw.count) == raw, "\(Self.kinds[kind].name), \(count) bytes, level \(level)")
        #expect(ours(stored, rawByteCount: raw.count + 1) == nil)
        #expect(ours(stored, rawByteCount: raw.count - 1) == nil)
        #expect(ours(stored + [0], rawByteCount: raw.count) == nil)
      }
    }
  }

  /// Codes of 15 bits, matches at the largest distance, several blocks.
  @Test func inflatesLongCodesAndDistances() {
    var random = SeededRandom(seed: 9)
    var raw = Self.kinds[3].generate(100_000, &random)
    for start in stride(from: 33_000, to: 90_000, by: 9000) {
      raw.replaceSubrange(start..<start + 300, with: raw[start - 32_768..<start - 32_468])
    }
    for strategy in Self.strategies {
      let stored = deflate(raw, level: 9, strategy: strategy)
      #expect(ours(stored, rawByteCount: raw.count) == raw)
    }
  }

  @Test(arguments: strategies)
  func agreesWithZlibOnDamagedStreams(strategy: Int32) {
    var random = SeededRandom(seed: UInt64(strategy))
    for kind in Self.kinds {
      let raw = kind.generate(300, &random)
      let stored = deflate(raw, level: 9, strategy: strategy)
      for count in stored.indices { #expect(ours(Array(stored[..<count]), rawByteCount: raw.count) == nil) }
      for _ in 0..<300 {
        var damaged = stored
        for _ in 0...Int.random(in: 0...2, using: &random) {
          damaged[Int.random(in: damaged.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
        fixChecksum(&damaged, rawByteCount: raw.count)
        #expect(ours(damaged, rawByteCount: raw.count) == zlibs(damaged, rawByteCount: raw.count), "\(kind.name): \(damaged)")
      }
    }
  }

  /// Blocks of noise: mostly broken code tables, some whole ones.
  @Test func agreesWithZlibOnNoise() {
    var random = SeededRandom(seed: 11)
    for round in 0..<6000 {
      var stored: [UInt8] = [0x78, 0x9C] + (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      stored[2] = stored[2] & 0xF8 | UInt8([0b011, 0b101, 0b001][round % 3])
      #expect(ours(stored, rawByteCount: 64) == zlibs(stored, rawByteCount: 64), "\(stored)")
    }
  }

  // MARK: Both sides

  /// Used for one stream after another, as the reader does.
  private let inflater = Inflater()

  /// Nil when refused.
  private func ours(_ stored: [UInt8], rawByteCount: Int) -> [UInt8]? {
    stored.withUnsafeBytes { stored in
      try? [UInt8].filled(rawByteCount) { (raw) throws(FormatError) in
        try inflater.inflate(stored, into: raw, origin: Origin(fileOffset: 0))
      }
    }
  }

  private func zlibs(_ stored: [UInt8], rawByteCount: Int) -> [UInt8]? {
    let (status, raw, consumed) = zlibInflate(stored, capacity: rawByteCount)
    return status == Z_STREAM_END && raw.count == rawByteCount && consumed == stored.count ? raw : nil
  }

  private func zlibInflate(_ stored: [UInt8], capacity: Int) -> (status: Int32, raw: [UInt8], consumed: Int) {
    var stored = stored
    var raw = [UInt8](repeating: 0, count: capacity)
    var stream = z_stream()
    inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { inflateEnd(&stream) }
    let status = stored.withUnsafeMutableBufferPointer { stored in
      raw.withUnsafeMutableBufferPointer { raw in
        stream.next_in = stored.baseAddress
        stream.avail_in = UInt32(stored.count)
        stream.next_out = raw.baseAddress
        stream.avail_out = UInt32(raw.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    return (status, Array(raw[..<(capacity - Int(stream.avail_out))]), stored.count - Int(stream.avail_in))
  }

  /// Makes the Adler-32 of a damaged stream right, so that the verdict is about its blocks.
  private func fixChecksum(_ stored: inout [UInt8], rawByteCount: Int) {
    let raw = zlibInflate(stored, capacity: rawByteCount).raw
    guard raw.count == rawByteCount else { return }
    let checksum = UInt32(truncatingIfNeeded: adler32(1, raw, UInt32(raw.count)))
    stored.replaceSubrange(stored.count - 4..<stored.count, with: checksum.littleEndianBytes.reversed())
  }

  private func deflate(_ raw: [UInt8], level: Int32, strategy: Int32) -> [UInt8] {
    var raw = raw
    var stream = z_stream()
    deflateInit2_(&stream, level, Z_DEFLATED, MAX_WBITS, 8, strategy, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var stored = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(raw.count))))
    let capacity = stored.count
    raw.withUnsafeMutableBufferPointer { raw in
      stored.withUnsafeMutableBufferPointer { stored in
        stream.next_in = raw.baseAddress
        stream.avail_in = UInt32(raw.count)
        stream.next_out = stored.baseAddress
        stream.avail_out = UInt32(capacity)
        _ = CZlib.deflate(&stream, Z_FINISH)
      }
    }
    return Array(stored[..<(capacity - Int(stream.avail_out))])
  }
}

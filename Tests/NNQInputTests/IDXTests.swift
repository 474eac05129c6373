import TestSupport
import Testing

@testable import NNQInput

@Suite struct IDXTests {
  let bytes: [UInt8] = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6]
  /// Python's gzip.compress(bytes, mtime=0).
  let gzipped = base64("H4sIAAAAAAACA2Ng4GBiYGAAYWZGJmYWVjYASJQ+5RIAAAA=")

  func read(_ bytes: [UInt8]) throws(InputError) -> InputArray? {
    try arrayReader(InputFile(name: "a.idx", bytes: bytes), limits: InputLimits())?.readAll()
  }

  @Test func readsPlainAndGzip() throws {
    let array = InputArray(shape: [2, 3], values: .uint8([1, 2, 3, 4, 5, 6]))
    #expect(try read(bytes) == array)
    #expect(try read(gzipped) == array)
  }

  @Test func readsBigEndianElements() throws {
    #expect(try read([0, 0, 0x0B, 1, 0, 0, 0, 2, 0x80, 0, 0, 1])?.values == .int16([-32768, 1]))
    #expect(try read([0, 0, 0x0C, 1, 0, 0, 0, 1, 0, 0, 1, 2])?.values == .int32([258]))
    #expect(try read([0, 0, 0x0D, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0])?.values == .float32([1]))
  }

  @Test func refusesTruncationAndTrailingBytes() {
    for count in 4..<bytes.count { #expect(throws: InputError.self) { _ = try read(Array(bytes[..<count])) } }
    for count in 4..<gzipped.count { #expect(throws: InputError.self) { _ = try read(Array(gzipped[..<count])) } }
    #expect(throws: InputError(.malformed, "a.idx", "elements", got: "7 bytes", expected: "6 for shape 2x3")) { _ = try read(bytes + [0]) }
    #expect(throws: InputError.self) { _ = try read(gzipped + [0x1F]) }
  }

  @Test func survivesChangedBytesOfGzip() {
    var random = SeededRandom(seed: 3)
    for index in gzipped.indices {
      var changed = gzipped
      changed[index] = UInt8.random(in: 0...255, using: &random)
      _ = try? read(changed)
    }
  }

  @Test func allocatesNothingForAShapeThatTheBytesDoNotHave() {
    let huge: [UInt8] = [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 255, 255]
    #expect(throws: InputError(.malformed, "a.idx", "shape 4294967295x4294967295x65535 is too large")) { _ = try read(huge) }
    let large: [UInt8] = [0, 0, 8, 1, 63, 255, 255, 255]
    #expect(throws: InputError(.malformed, "a.idx", "elements", got: "0 bytes", expected: "1073741823 for shape 1073741823")) {
      _ = try read(large)
    }
  }
}

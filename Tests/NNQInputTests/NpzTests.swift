import Foundation
import TestSupport
import Testing

@testable import NNQInput

@Suite struct NpzTests {
  let arrays = [
    (name: "a", array: InputArray(shape: [2], values: .float32([1, 2]))), (name: "b", array: InputArray(shape: [1], values: .uint8([9]))),
  ]

  func read(_ bytes: [UInt8]) throws(InputError) -> [String: InputArray] {
    let archive = try ZipDirectory(InputFile(name: "a.npz", bytes: bytes))
    var arrays: [String: InputArray] = [:]
    for member in archive.members { arrays[member.name] = try ArrayReader.npy(member, in: archive, limits: InputLimits()).readAll() }
    return arrays
  }

  @Test func readsWhatItWrites() throws {
    #expect(try read(npzBytes(arrays)) == ["a.npy": arrays[0].array, "b.npy": arrays[1].array])
  }

  /// numpy.savez_compressed(x=numpy.zeros(300, numpy.float32) + 2)
  @Test func readsDeflatedMembersOfNumpy() throws {
    let bytes = base64(
      """
      UEsDBC0AAAAIAAAAIQCNaXmN//////////8FABQAeC5ucHkBABAAMAUAAAAAAABTAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6\
      Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsYGBjqaOgq1CmQDLgYGBodRPIpH8SgeChgAUEsBAi0DLQAAAAgAAAAhAI1peY1TAAAAMAUA\
      AAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsFBgAAAAABAAEAMwAAAIoAAAAAAA==
      """)
    #expect(try read(bytes)["x.npy"]?.values == .float32([Float](repeating: 2, count: 300)))
    for count in bytes.indices { #expect(throws: InputError.self) { _ = try read(Array(bytes[..<count])) } }
  }

  @Test func refusesEveryTruncationAndNoticesChangedElements() {
    let bytes = npzBytes(arrays)
    for count in bytes.indices { #expect(throws: InputError.self) { _ = try read(Array(bytes[..<count])) } }
    var changed = bytes
    changed[35 + 128] ^= 1
    #expect(throws: InputError(.malformed, "a.npz: a.npy", "the checksum does not match; the file is damaged")) { _ = try read(changed) }
  }

  @Test func survivesChangedBytes() {
    let bytes = npzBytes(arrays)
    var random = SeededRandom(seed: 2)
    for index in bytes.indices {
      var changed = bytes
      changed[index] = UInt8.random(in: 0...255, using: &random)
      _ = try? read(changed)
    }
  }

  @Test func refusesDeclaredSizesThatDeflateCannotReach() {
    var bytes = npzBytes([arrays[0]])
    let directory = bytes.count - 22 - 46 - 5
    bytes[directory + 10] = 8
    bytes.replaceSubrange(directory + 24..<directory + 28, with: [0xFF, 0xFF, 0xFF, 0x7F])
    #expect(throws: InputError(.malformed, "a.npz", "a.npy: the declared size is impossible")) { _ = try read(bytes) }
  }
}

func base64(_ text: String) -> [UInt8] { Data(base64Encoded: text).map(Array.init) ?? [] }

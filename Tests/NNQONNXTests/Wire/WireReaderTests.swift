import Testing

@testable import NNQONNX

@Suite struct WireReaderTests {
  private func firstField(_ bytes: [UInt8]) throws(ImportError) -> WireField? {
    var reader = WireReader(bytes)
    return try reader.nextField()
  }

  private func malformed(_ malformation: Malformation, at byteOffset: Int) -> ImportError {
    .malformed(malformation, byteOffset: byteOffset)
  }

  @Test func readsVarintsUpToTenBytes() throws {
    var reader = WireReader([0x00, 0xAC, 0x02] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    #expect(try reader.varint() == 0)
    #expect(try reader.varint() == 300)
    #expect(try reader.varint() == .max)
    #expect(reader.isAtEnd)
  }

  @Test func rejectsVarintOfElevenBytes() {
    let bytes = [0x08] + [UInt8](repeating: 0x80, count: 10) + [0x00]
    #expect(throws: malformed(.overlongVarint, at: 1)) { try firstField(bytes) }
  }

  @Test func rejectsVarintBeyondSixtyFourBits() {
    let bytes = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x02]
    #expect(throws: malformed(.overlongVarint, at: 1)) { try firstField(bytes) }
  }

  @Test func rejectsVarintThatEndsEarly() {
    #expect(throws: malformed(.pastEnd(needed: 1, remaining: 0), at: 2)) { try firstField([0x08, 0x80]) }
  }

  @Test func rejectsLengthBeyondTheEnd() {
    #expect(throws: malformed(.pastEnd(needed: 5, remaining: 2), at: 2)) { try firstField([0x0A, 5, 1, 2]) }
  }

  @Test func rejectsLengthOfNearlySixtyFourBits() {
    let length = [UInt8](repeating: 0xFF, count: 9) + [0x01]
    #expect(throws: malformed(.pastEnd(needed: .max, remaining: 1), at: 11)) { try firstField([0x0A] + length + [0]) }
  }

  @Test func rejectsLengthBeyondTheMessageThatHoldsIt() throws {
    // A message of 2 bytes whose field claims 3; the file holds more.
    let field = try firstField([0x0A, 2, 0x0A, 3, 1, 2, 3])
    var inner = try #require(field).message()
    #expect(throws: malformed(.pastEnd(needed: 3, remaining: 0), at: 4)) { try inner.nextField() }
  }

  @Test(arguments: [(UInt8(0x0D), 4, 3), (0x09, 8, 7)])
  func rejectsFixedValueCutShort(tag: UInt8, needed: Int, remaining: Int) {
    let bytes = [tag] + [UInt8](repeating: 0, count: remaining)
    #expect(throws: malformed(.pastEnd(needed: UInt64(needed), remaining: remaining), at: 1)) { try firstField(bytes) }
  }

  @Test(arguments: [UInt8(0x0B), 0x0C])
  func rejectsGroups(tag: UInt8) {
    #expect(throws: malformed(.group(field: 1), at: 0)) { try firstField([tag]) }
  }

  @Test(arguments: [UInt8(6), 7])
  func rejectsUndefinedWireTypes(type: UInt8) {
    #expect(throws: malformed(.wireType(field: 1, type), at: 0)) { try firstField([0x08 | type]) }
  }

  @Test func rejectsFieldNumberZeroAndAboveTwentyNineBits() {
    #expect(throws: malformed(.fieldNumber(0), at: 0)) { try firstField([0x00, 0x00]) }
    var writer = ProtobufWriter()
    writer.integer(1 << 29, 0)
    #expect(throws: malformed(.fieldNumber(1 << 29), at: 0)) { try firstField(writer.bytes) }
  }
}

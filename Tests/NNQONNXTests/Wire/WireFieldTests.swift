import Testing

@testable import NNQONNX

@Suite struct WireFieldTests {
  private func field(_ write: (inout ProtobufWriter) -> Void) throws -> WireField {
    var writer = ProtobufWriter()
    write(&writer)
    var reader = WireReader(writer.bytes)
    return try #require(try reader.nextField())
  }

  @Test func readsNegativeIntegers() throws {
    #expect(try field { $0.integer(3, -5) }.integer() == -5)
    #expect(try field { $0.integer(3, .min) }.integer() == .min)
  }

  @Test func readsPackedAndSingleIntegersAlike() throws {
    var values: [Int64] = []
    try field { $0.integer(8, 7) }.append(to: &values)
    try field { $0.packed(8, [1, -2, 300]) }.append(to: &values)
    #expect(values == [7, 1, -2, 300])
  }

  @Test func readsPackedAndSingleFloatsAlike() throws {
    var values: [Float] = []
    try field { $0.float(7, 0.5) }.append(to: &values)
    try field { field in
      field.message(7) { packed in for value: Float in [1, -2.25] { packed.littleEndian(value.bitPattern) } }
    }.append(to: &values)
    #expect(values == [0.5, 1, -2.25])
  }

  @Test func readsPackedAndSingleDoublesAlike() throws {
    var values: [Double] = []
    try field { field in field.message(10) { $0.littleEndian(Double(1.5).bitPattern) } }.append(to: &values)
    try field { field in
      field.tag(10, wireType: 1)
      field.littleEndian(Double(-2.5).bitPattern)
    }.append(to: &values)
    #expect(values == [1.5, -2.5])
  }

  @Test func rejectsTextsLongerThanAnyName() throws {
    let longest = String(repeating: "n", count: WireField.maximumTextByteCount)
    #expect(try field { $0.text(3, longest) }.text() == longest)
    let expected = ImportError.malformed(.tooLong(field: 3, byteCount: 65_537), byteOffset: 0)
    #expect(throws: expected) { try field { $0.text(3, longest + "n") }.text() }
    #expect(expected.description == "byte 0: field 3 is a text of 65537 bytes, supported are 65536")
  }

  @Test func rejectsPackedFloatsOfBrokenLength() throws {
    var values: [Float] = []
    let field = try field { $0.bytes(7, [0, 0, 0, 0, 0]) }
    #expect(throws: ImportError.malformed(.packedLength(field: 7, byteCount: 5), byteOffset: 0)) { try field.append(to: &values) }
  }

  @Test func rejectsAnotherWireTypeThanTheFieldHas() throws {
    let integer = try field { $0.integer(5, 1) }
    let wrongType = ImportError.malformed(.unexpectedType(field: 5), byteOffset: 0)
    #expect(throws: wrongType) { try integer.text() }
    #expect(throws: wrongType) { try integer.message() }
    #expect(throws: wrongType) { try integer.float() }
    let text = try field { $0.text(5, "a") }
    #expect(throws: wrongType) { try text.integer() }
  }

  @Test func rejectsTextThatIsNotUTF8() throws {
    let field = try field { $0.bytes(3, [0x61, 0xFF]) }
    #expect(throws: ImportError.malformed(.text(field: 3), byteOffset: 0)) { try field.text() }
  }
}

import Testing

@testable import NNQONNX

@Suite struct AttributeProtoTests {
  /// The value, as Swift prints it.
  private func attribute(_ write: (inout ProtobufWriter) -> Void) throws -> String {
    var writer = ProtobufWriter()
    writer.text(1, "a")
    write(&writer)
    return "\(try AttributeProto(WireReader(writer.bytes)).value)"
  }

  @Test func takesDefaultOfValueLeftOut() throws {
    #expect(try attribute { $0.integer(20, 2) } == "integer(0)")
    #expect(try attribute { $0.integer(20, 1) } == "float(0.0)")
    #expect(try attribute { $0.integer(20, 7) } == "integers([])")
  }

  @Test func infersTypeLeftOut() throws {
    #expect(try attribute { $0.integer(3, 3) } == "integer(3)")
    #expect(try attribute { $0.text(4, "SAME") } == "text(\"SAME\")")
    #expect(try attribute { $0.packed(8, [1, 2]) } == "integers([1, 2])")
  }

  @Test func keepsOtherKindsApart() throws {
    #expect(try attribute { $0.integer(20, 5) } == "other")
    #expect(try attribute { $0.integer(20, 4) } == "other")
  }
}

import Testing

@testable import NNQONNX

@Suite struct SmallFloatTests {
  /// The least and the largest numbers, and what is no number: ONNX, "Float stored in 8 bits".
  @Test(
    arguments: [
      (.float8e4m3fn, [(0x01, 0x1p-9), (0x08, 0x1p-6), (0x38, 1), (0x7E, 448), (0xFE, -448)]),
      (.float8e4m3fnuz, [(0x01, 0x1p-10), (0x08, 0x1p-7), (0x40, 1), (0x7F, 240), (0xFF, -240)]),
      (.float8e5m2, [(0x01, 0x1p-16), (0x04, 0x1p-14), (0x3C, 1), (0x7B, 57_344), (0x7C, .infinity), (0xFC, -.infinity)]),
      (.float8e5m2fnuz, [(0x01, 0x1p-17), (0x04, 0x1p-15), (0x40, 1), (0x7F, 57_344), (0xFF, -57_344)]),
    ] as [(TensorProto.DataType, [(UInt8, Float)])])
  func valuesOfBits(type: TensorProto.DataType, values: [(bits: UInt8, value: Float)]) {
    for (bits, value) in values { #expect(SmallFloat(type).value(ofBits: bits) == value) }
    #expect(SmallFloat(type).value(ofBits: 0) == 0)
  }

  @Test(
    arguments: [
      (.float8e4m3fn, [0x7F, 0xFF]), (.float8e4m3fnuz, [0x80]), (.float8e5m2, [0x7D, 0x7F, 0xFE]), (.float8e5m2fnuz, [0x80]),
    ] as [(TensorProto.DataType, [UInt8])])
  func someBitsAreNoNumber(type: TensorProto.DataType, bits: [UInt8]) {
    for bits in bits { #expect(SmallFloat(type).value(ofBits: bits).isNaN) }
  }
}

import TestSupport
import Testing

@testable import NNQONNX

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

@Suite struct HostTensorDecodingTests {
  private let place = Place("initializer", "t")

  private func decoded(_ tensor: TestTensor) throws -> HostTensor {
    try HostTensor(TensorProto(WireReader(tensor.bytes)), at: place)
  }

  @Test func decodesRawElementsOfEachType() throws {
    func raw(_ type: Int64, _ bytes: [UInt8], dims: [Int64]) throws -> HostTensor.Elements {
      try decoded(TestTensor(dims: dims, dataType: type, raw: bytes)).elements
    }
    #expect(try raw(1, [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0], dims: [2]) == .floats([1, -2.5]))
    #expect(try raw(2, [0, 255], dims: [2]) == .integers([0, 255]))
    #expect(try raw(3, [1, 255], dims: [2]) == .integers([1, -1]))
    #expect(try raw(6, [0xFE, 0xFF, 0xFF, 0xFF], dims: [1]) == .integers([-2]))
    #expect(try raw(7, [0, 1, 0, 0, 0, 0, 0, 0], dims: []) == .integers([256]))
    #expect(try raw(9, [0, 1, 2], dims: [3]) == .booleans([false, true, true]))
    #expect(try raw(11, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], dims: [1]) == .floats([1.5]))
    #expect(try raw(4, [0xFF, 0xFF], dims: [1]) == .integers([65_535]))
    #expect(try raw(5, [0xFF, 0xFF], dims: [1]) == .integers([-1]))
    #expect(try raw(10, [0x00, 0x3E, 0x00, 0xC0], dims: [2]) == .floats([1.5, -2]))
    #expect(try raw(12, [0xFF, 0xFF, 0xFF, 0xFF], dims: [1]) == .integers([4_294_967_295]))
    #expect(try raw(13, [UInt8](repeating: 0xFF, count: 8), dims: [1]) == .integers([.max]))
    #expect(try raw(16, [0xC0, 0x3F], dims: [1]) == .floats([1.5]))
  }

  @Test func decodesTypedElements() throws {
    #expect(try decoded(TestTensor(dims: [2], dataType: 1, floatData: [1, 2])).elements == .floats([1, 2]))
    #expect(try decoded(TestTensor(dims: [2], dataType: 6, int32Data: [-1, 2])).elements == .integers([-1, 2]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 3, int32Data: [-1])).elements == .integers([-1]))
    #expect(try decoded(TestTensor(dims: [2], dataType: 9, int32Data: [0, 1])).elements == .booleans([false, true]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 7, int64Data: [.min])).elements == .integers([.min]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 10, int32Data: [0x3E00])).elements == .floats([1.5]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 16, int32Data: [0x3FC0])).elements == .floats([1.5]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 12, uint64Data: [7])).elements == .integers([7]))
  }

  /// Two integers of 4 bits share a byte, the first in its lower half.
  @Test func decodesIntegersOfFourBits() throws {
    #expect(try decoded(TestTensor(dims: [3], dataType: 21, raw: [0xF2, 0x08])).elements == .integers([2, 15, 8]))
    #expect(try decoded(TestTensor(dims: [4], dataType: 22, raw: [0xF2, 0x08])).elements == .integers([2, -1, -8, 0]))
    #expect(try decoded(TestTensor(dims: [3], dataType: 22, int32Data: [0xF2, 0x08])).elements == .integers([2, -1, -8]))
    let expected = Refusal(.invalidTensor, at: place, "dims [2] ask for 2 elements, the data holds 4")
    #expect(throws: expected) { try decoded(TestTensor(dims: [2], dataType: 22, raw: [0xF2, 0x08])) }
  }

  @Test func decodesFloatsOfEightBits() throws {
    #expect(try decoded(TestTensor(dims: [2], dataType: 17, raw: [0x38, 0xC4])).elements == .floats([1, -3]))
    #expect(try decoded(TestTensor(dims: [1], dataType: 20, int32Data: [0x44])).elements == .floats([2]))
  }

  @Test func decodesEmptyTensor() throws {
    #expect(try decoded(TestTensor(dims: [0], dataType: 7)) == HostTensor(shape: [0], .integers([])))
  }

  @Test(arguments: [[-1], [1 << 62, 4], [0, 1 << 62, 4], [0, 1 << 31], [.min, .min], [1, 1, 1, 1, 1, 1, 1, 1, 1]] as [[Int64]])
  func rejectsDimsNoTensorHas(dims: [Int64]) {
    let expected = Refusal(.invalidTensor, at: place, "its dims are negative, too large or too many")
    #expect(throws: expected) { try decoded(TestTensor(dims: dims, dataType: 1, floatData: [1])) }
  }

  @Test func rejectsMissingData() {
    let expected = Refusal(.invalidTensor, at: place, "dims [2, 2] ask for 4 elements, the data holds 0")
    #expect(throws: expected) { try decoded(TestTensor(dims: [2, 2], dataType: 1)) }
  }

  @Test func rejectsDataOfAnotherType() {
    let expected = Refusal(.invalidTensor, at: place, "dims [1] ask for 1 elements, the data holds 0")
    #expect(throws: expected) { try decoded(TestTensor(dims: [1], dataType: 7, floatData: [1])) }
  }

  @Test func rejectsRawDataOfAnotherLength() {
    let tooLong = Refusal(.invalidTensor, at: place, "dims [1] ask for 1 elements, the data holds 2")
    #expect(throws: tooLong) { try decoded(TestTensor(dims: [1], dataType: 1, raw: [UInt8](repeating: 0, count: 8))) }
    let broken = Refusal(.invalidTensor, at: place, "5 bytes are no whole number of elements of 4 bytes")
    #expect(throws: broken) { try decoded(TestTensor(dims: [1], dataType: 1, raw: [0, 0, 0, 0, 0])) }
  }

  @Test(arguments: [0, 8, 14, 15, 23, 99] as [Int64])
  func refusesOtherElementTypes(type: Int64) {
    let expected = Refusal(
      .unsupportedType, at: place, "element type \(type) of ONNX is not supported", remedy: "export the model in float32")
    #expect(throws: expected) { try decoded(TestTensor(dims: [1], dataType: type, raw: [0])) }
  }

  private var external: Refusal {
    Refusal(
      .externalData, at: place, "its data is in another file, which is not read",
      remedy: "save the model as one file that holds all tensors")
  }

  @Test func refusesExternalData() {
    #expect(throws: external) { try decoded(TestTensor(dims: [1], dataType: 1, raw: [0, 0, 0, 0], isExternal: true)) }
  }

  @Test(arguments: ["w.bin", "../w.bin", "a/../../w.bin", "/etc/passwd", "/dev/zero", "w\0.bin", "file:///etc/passwd", ""])
  func refusesExternalDataWhereverTheyAre(location: String) {
    for isMarked in [true, false] {
      let tensor = TestTensor(
        dims: [1], dataType: 1, raw: [0, 0, 0, 0], isExternal: isMarked,
        externalData: [("location", location), ("offset", "-1"), ("length", "1152921504606846976"), ("checksum", "")])
      #expect(throws: external) { try decoded(tensor) }
    }
  }

  /// Opening a pipe that nobody writes to would never return; links are not followed either.
  @Test(.timeLimit(.minutes(1))) func doesNotOpenExternalData() throws {
    let folder = try TemporaryFolder()
    let (pipe, link) = (folder.path + "/pipe", folder.path + "/link")
    try #require(mkfifo(pipe, 0o600) == 0 && symlink("pipe", link) == 0)
    for location in [pipe, link] {
      let tensor = TestTensor(dims: [1], dataType: 1, isExternal: true, externalData: [("location", location)])
      #expect(throws: external) { try decoded(tensor) }
    }
  }
}

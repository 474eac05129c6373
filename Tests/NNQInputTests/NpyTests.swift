import TestSupport
import Testing

@testable import NNQInput

@Suite struct NpyTests {
  /// The bytes numpy writes before the elements: version 1.0, padded to 64.
  func header(_ text: String, version: UInt8 = 1) -> [UInt8] {
    let padded = text + String(repeating: " ", count: 117 - text.utf8.count) + "\n"
    let length: [UInt8] = version == 1 ? [118, 0] : [118, 0, 0, 0]
    return NpyHeader.magic + [version, 0] + length + padded.utf8
  }

  func read(_ bytes: [UInt8], limits: InputLimits = InputLimits()) throws(InputError) -> InputArray {
    let stream = ByteStream(InputFile(name: "a.npy", bytes: bytes), coding: .stored)
    return try ArrayReader.npy(stream, limits: limits).readAll()
  }

  @Test func readsWhatItWrites() throws {
    let arrays = [
      InputArray(shape: [2, 3], values: .float32([0, -1.5, .infinity, 0x1p-140, 3, 4])), InputArray(shape: [], values: .uint8([7])),
      InputArray(shape: [3], values: .int16([-32768, 0, 5])), InputArray(shape: [1, 2], values: .int32([.min, .max])),
      InputArray(shape: [1], values: .int64([.min])), InputArray(shape: [0, 4], values: .int8([])),
    ]
    for array in arrays {
      #expect(npyBytes(array).count % 64 == array.values.littleEndianBytes.count % 64)
      #expect(try read(npyBytes(array)) == array)
    }
  }

  @Test func writesTheBytesOfNumpy() {
    let bytes = npyBytes(InputArray(shape: [3], values: .int16([1, 2, 3])))
    #expect(bytes == header("{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }") + [1, 0, 2, 0, 3, 0])
  }

  @Test func readsVersionsAndOtherElementTypes() throws {
    let half = header("{'shape': (2,), 'fortran_order': True, 'descr': \"<f2\"}", version: 2) + [0x00, 0x3C, 0x01, 0x00]
    #expect(try read(half).values == .float32([1, 0x1p-24]))
    let double = header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", version: 3) + littleEndian((-0.1).bitPattern)
    #expect(try read(double).values == .float32([-0.1]))
    let wide = header("{'descr': '<u4', 'fortran_order': False, 'shape': (1,), }") + [255, 255, 255, 255]
    #expect(try read(wide).values == .int64([0xFFFF_FFFF]))
  }

  @Test(
    arguments: [
      (">f4", ">f4", "save array.astype(array.dtype.newbyteorder('<'))"), ("|O", "object", "save an array of numbers"), ("<c8", "<c8", nil),
      ("|b1", "|b1", nil), ("f4", "f4", nil),
    ] as [(String, String, String?)])
  func refusesElementTypesByName(descr: String, got: String, remedy: String?) {
    let bytes = header("{'descr': '\(descr)', 'fortran_order': False, 'shape': (2,), }") + [UInt8](repeating: 0, count: 8)
    let error = InputError(
      .unsupported, "a.npy", ".npy element type", got: got, expected: "little-endian integers or floats of 1...8 bytes", remedy: remedy)
    #expect(throws: error) { _ = try read(bytes) }
  }

  @Test func refusesFortranOrderWithRemedy() {
    let bytes = header("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 1), }") + [0]
    let error = InputError(
      .unsupported, "a.npy", "Fortran order is not read", remedy: "save numpy.ascontiguousarray(array), or transpose the array")
    #expect(throws: error) { _ = try read(bytes) }
  }

  @Test(arguments: [
    "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)", "{'descr': '|u1', 'fortran_order': False}", "{'descr': '|u1'}x", "",
    "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", "{'descr': '|u1', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (-1,)}", "{'descr': '|u1' 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)}", "{'x': 1}",
  ])
  func refusesHeadersThatBreakTheGrammar(text: String) {
    let error = #expect(throws: InputError.self) { _ = try read(header(text) + [0]) }
    #expect(error?.kind == .malformed)
  }

  @Test func refusesSizesThatDisagree() {
    let bytes = npyBytes(InputArray(shape: [4], values: .uint8([1, 2, 3, 4])))
    #expect(throws: InputError(.malformed, "a.npy", "elements", got: "5 bytes", expected: "4 for shape 4")) { _ = try read(bytes + [0]) }
    let huge = header("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }")
    #expect(throws: InputError(.malformed, "a.npy", "shape 4294967296x4294967296 is too large")) { _ = try read(huge) }
    var limits = InputLimits()
    limits.arrayByteCount = 3
    #expect(throws: InputError(.tooLarge, "a.npy", "array", got: "4 elements", expected: "at most 3 bytes")) {
      _ = try read(bytes, limits: limits)
    }
  }

  @Test func refusesEveryTruncation() {
    let bytes = npyBytes(InputArray(shape: [2, 2], values: .float32([1, 2, 3, 4])))
    for count in bytes.indices {
      let error = #expect(throws: InputError.self) { _ = try read(Array(bytes[..<count])) }
      #expect(error?.kind == .malformed)
    }
  }

  @Test func survivesEveryChangedByteOfTheHeader() {
    let bytes = npyBytes(InputArray(shape: [2, 2], values: .uint8([1, 2, 3, 4])))
    var random = SeededRandom(seed: 1)
    for index in 0..<128 {
      var changed = bytes
      changed[index] = UInt8.random(in: 0...255, using: &random)
      // An error or an array; the point is that nothing traps.
      _ = try? read(changed)
    }
  }
}

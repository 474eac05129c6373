import TestSupport
import Testing

@testable import NNQInput

/// Files and pixels made with Pillow 13.
@Suite struct ImageDecoderTests {
  static let rgb: [UInt8] = [37, 244, 193, 106, 235, 128, 71, 255, 140, 47, 103, 184, 72, 20, 188, 238, 255, 126]
  static let gray: [UInt8] = [137, 195, 204, 32, 203, 170]
  static let rgbPNG = "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAHUlEQVR42mNU/XLQ9fv+uyI8TFzF3+9p2ixn+AQAX2cJJsgAG7gAAAAASUVORK5CYII="
  static let jpeg =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//"
    + "2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wAARCAAIAAoDASIAAhEBAxEB"
    + "/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAbEAABBAMAAAAAAAAAAAAAAAAAAQYioQUhMf/EABUBAQEAAAAAAAAAAAAAAAAAAAID/8QAGxEAAgEFAAAA"
    + "AAAAAAAAAAAAAAIDBAUREzH/2gAMAwEAAhEDEQA/AJmNbnIUXUbukhQBJJGwK2V02rp//9k="

  func decode(_ bytes: [UInt8], limits: InputLimits = InputLimits()) throws(InputError) -> Pixels {
    guard let format = ImageFormat(magic: bytes) else { throw InputError(.unsupported, "a", "no picture") }
    return try format.decode(bytes, file: "a", limits: limits)
  }

  @Test(arguments: [
    (rgbPNG, 3, rgb),
    ("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAAAAAC4HznGAAAAEElEQVR4nGPstOJkms5xDwAIEwJNlyduFQAAAABJRU5ErkJggg==", 1, gray),
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAYAAACddGYaAAAAI0lEQVR4nGNU/XKw1fX7/pl3RXgWM3EVf6+6p2ljuJzhExcApU4LnHcLafUAAAAASUVORK5CYII=",
      3, rgb
    ),
    (
      "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACBAMAAABvWnspAAAAElBMVEXu/35q64BH/4wl9MEvZ7hIFLx+P/O6AAAADklEQVR4nGM0fM8k8gAABcsCGJEej3YAAAAA"
        + "SUVORK5CYII=",
      3, rgb
    ),
    ("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACEAAAAADoj+WFAAAAFklEQVR4nGPs9LVi4GRgms7AwXCPAQAS8AKaU7AkMQAAAABJRU5ErkJggg==", 1, gray),
    ("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACAQAAAAC1D1u3AAAADElEQVR4nGNwYFgAAAFkAOGROt8sAAAAAElFTkSuQmCC", 1, [0, 255, 0, 255, 0, 255]),
  ])
  func readsEveryKindOfPNG(file: String, channels: Int, samples: [UInt8]) throws {
    let pixels = try decode(base64(file))
    #expect(pixels.extent == ImageExtent(height: 2, width: 3, channels: channels))
    #expect(pixels.samples == samples)
  }

  @Test func readsJPEG() throws {
    let pixels = try decode(base64(ImageDecoderTests.jpeg))
    #expect(pixels.extent == ImageExtent(height: 8, width: 10, channels: 3))
    #expect(pixels.samples.prefix(9) == [0, 1, 0, 12, 4, 2, 33, 8, 14])
    #expect(pixels.samples.reduce(0) { $0 + Int($1) } == 25105)
  }

  @Test func readsPGMAndPPM() throws {
    #expect(try decode(Array("P5\n# note\n3 2\n255\n".utf8) + ImageDecoderTests.gray).samples == ImageDecoderTests.gray)
    #expect(try decode(Array("P6 3 2 255\n".utf8) + ImageDecoderTests.rgb).samples == ImageDecoderTests.rgb)
    #expect(try decode(Array("P5 2 1 15\n".utf8) + [15, 7]).samples == [255, 119])
  }

  @Test(arguments: [
    "P4 1 1\n0", "P5 1 1 65535\n00", "P5 1 1 255\n", "P5 1 1 255\n00", "P5 0 1 255\n", "P5 1 x 255\n0", "P5 1 1 9\nz", "P5 1",
  ])
  func refusesOtherPNM(text: String) {
    #expect(throws: InputError.self) { _ = try decode(Array(text.utf8)) }
  }

  @Test(arguments: [rgbPNG, jpeg]) func refusesEveryTruncation(file: String) {
    // The last bytes of either format are an end mark, which says nothing about pixels.
    let bytes = base64(file)
    for count in 0..<bytes.count - 12 { #expect(throws: InputError.self) { _ = try decode(Array(bytes[..<count])) } }
  }

  @Test(arguments: [rgbPNG, jpeg]) func survivesChangedBytes(file: String) {
    let bytes = base64(file)
    var random = SeededRandom(seed: 4)
    for index in bytes.indices {
      var changed = bytes
      changed[index] = UInt8.random(in: 0...255, using: &random)
      _ = try? decode(changed)
    }
  }

  @Test func refusesSizesAboveTheLimitBeforeDecoding() {
    var limits = InputLimits()
    limits.pixelCount = 5
    let error = InputError(.tooLarge, "a", "picture size", got: "3x2", expected: "at most 5 pixels")
    #expect(throws: error) { _ = try decode(base64(ImageDecoderTests.rgbPNG), limits: limits) }
    #expect(throws: error) { _ = try decode(Array("P5 3 2 255\n".utf8), limits: limits) }
  }

  @Test func refusesMorePixelsThanTheBytesCanHold() {
    var bytes = base64(ImageDecoderTests.rgbPNG)
    // 8192 x 8192, and the checksum of a header that says so.
    bytes.replaceSubrange(16..<24, with: [0, 0, 32, 0, 0, 0, 32, 0])
    bytes.replaceSubrange(29..<33, with: checksum(bytes[12..<29]))
    let error = InputError(.malformed, "a", "PNG: 8192x8192 pixels", got: "\(bytes.count) bytes", expected: "what holds them")
    #expect(throws: error) { _ = try decode(bytes) }
  }

  private func checksum(_ chunk: ArraySlice<UInt8>) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in chunk {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1) * 0xEDB8_8320 }
    }
    return withUnsafeBytes(of: (~crc).bigEndian, Array.init)
  }
}

import CImage

/// Picture formats, known by their first bytes.
enum ImageFormat: CaseIterable {
  case png, jpeg, pnm

  init?(magic: [UInt8]) {
    guard let format = ImageFormat.allCases.first(where: { magic.starts(with: $0.magic) }) else { return nil }
    if format == .pnm {
      guard magic.count > 2, (UInt8(ascii: "1")...UInt8(ascii: "7")).contains(magic[1]), isPNMSpace(magic[2]) else { return nil }
    }
    self = format
  }

  private var magic: [UInt8] {
    switch self {
    case .png: [0x89, 0x50, 0x4E, 0x47]
    case .jpeg: [0xFF, 0xD8, 0xFF]
    case .pnm: [UInt8(ascii: "P")]
    }
  }

  /// Decodes a file to gray or RGB.
  /// - Throws: `tooLarge` before anything is allocated, `malformed`, `unsupported`.
  func decode(_ bytes: [UInt8], file: String, limits: InputLimits) throws(InputError) -> Pixels {
    switch self {
    case .png: try decode(bytes, file, limits, "PNG", header: nn_png_read_header, pixels: nn_png_decode)
    case .jpeg: try decode(bytes, file, limits, "JPEG", header: nn_jpeg_read_header, pixels: nn_jpeg_decode)
    case .pnm: try decodePNM(bytes, file: file, limits: limits)
    }
  }

  private typealias ReadHeader = (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<nn_image>?, UnsafeMutablePointer<CChar>?) -> Int32
  private typealias Decode = (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?, Int, UnsafeMutablePointer<CChar>?) -> Int32

  private func decode(
    _ bytes: [UInt8], _ file: String, _ limits: InputLimits, _ format: String, header: ReadHeader, pixels: Decode
  ) throws(InputError) -> Pixels {
    var image = nn_image()
    var message = [CChar](repeating: 0, count: Int(NN_IMAGE_MESSAGE_BYTES))
    // Safe, here and below: counts are those of the arrays, and the message buffer has the size that CImage.h asks for.
    guard header(bytes, bytes.count, &image, &message) == 1 else { throw damaged(file, format, message) }
    let extent = ImageExtent(height: Int(image.height), width: Int(image.width), channels: Int(image.channels))
    try checkPixelCount(extent, file: file, limits: limits)
    if self == .png { try checkExpansion(extent, byteCount: bytes.count, file: file) }
    var samples = [UInt8](repeating: 0, count: extent.sampleCount)
    guard pixels(bytes, bytes.count, &samples, samples.count, &message) == 1 else { throw damaged(file, format, message) }
    return Pixels(extent: extent, samples: samples)
  }

  /// A few bytes are not to ask for the memory of a large picture: pixels take a bit or more each, and deflate makes no more
  /// than 1032 bytes of one.
  private func checkExpansion(_ extent: ImageExtent, byteCount: Int, file: String) throws(InputError) {
    let most = byteCount.multipliedReportingOverflow(by: 8 * 1032)
    guard !most.overflow, extent.height * extent.width > most.partialValue else { return }
    throw InputError(
      .malformed, file, "PNG: \(extent.width)x\(extent.height) pixels", got: "\(byteCount) bytes", expected: "what holds them")
  }

  private func damaged(_ file: String, _ format: String, _ message: [CChar]) -> InputError {
    let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return InputError(.malformed, file, "\(format): \(text)")
  }
}

func checkPixelCount(_ extent: ImageExtent, file: String, limits: InputLimits) throws(InputError) {
  let (count, overflow) = extent.height.multipliedReportingOverflow(by: extent.width)
  guard extent.height > 0, extent.width > 0 else {
    throw InputError(.malformed, file, "picture size", got: "\(extent.width)x\(extent.height)")
  }
  guard !overflow, count <= limits.pixelCount else {
    throw InputError(
      .tooLarge, file, "picture size", got: "\(extent.width)x\(extent.height)", expected: "at most \(limits.pixelCount) pixels")
  }
}

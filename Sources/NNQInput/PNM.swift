/// Binary PGM (P5) and PPM (P6) with 8-bit samples.
func decodePNM(_ bytes: [UInt8], file: String, limits: InputLimits) throws(InputError) -> Pixels {
  let channels: Int
  switch bytes[1] {
  case UInt8(ascii: "5"): channels = 1
  case UInt8(ascii: "6"): channels = 3
  default:
    throw InputError(
      .unsupported, file, "PNM variant", got: "P\(Character(UnicodeScalar(bytes[1])))", expected: "P5 or P6 (binary gray or RGB)")
  }
  var header = PNMHeader(rest: bytes[2...], file: file)
  let (width, height, maximum) = (try header.number(), try header.number(), try header.number())
  guard (1...255).contains(maximum) else {
    throw InputError(.unsupported, file, "PNM maximum", got: "\(maximum)", expected: "1...255")
  }
  let extent = ImageExtent(height: height, width: width, channels: channels)
  try checkPixelCount(extent, file: file, limits: limits)
  let samples = header.rest.dropFirst()
  guard samples.count == extent.sampleCount else {
    throw InputError(.malformed, file, "PNM samples", got: "\(samples.count) bytes", expected: "\(extent.sampleCount)")
  }
  guard let largest = samples.max(), largest <= maximum else {
    throw InputError(.malformed, file, "PNM sample above the maximum", expected: "at most \(maximum)")
  }
  return Pixels(extent: extent, samples: samples.map { UInt8((Int($0) * 255 + maximum / 2) / maximum) })
}

/// White space and comments between decimal numbers.
private struct PNMHeader {
  var rest: ArraySlice<UInt8>
  let file: String

  mutating func number() throws(InputError) -> Int {
    skipSpaces()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[digits.endIndex...]
    guard let value = Int(String(decoding: digits, as: UTF8.self)), rest.first.map(isPNMSpace) == true else {
      throw InputError(.malformed, file, "the PNM header is damaged")
    }
    return value
  }

  private mutating func skipSpaces() {
    while let byte = rest.first {
      if byte == UInt8(ascii: "#") {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
      } else if isPNMSpace(byte) {
        rest = rest.dropFirst()
      } else {
        return
      }
    }
  }
}

func isPNMSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

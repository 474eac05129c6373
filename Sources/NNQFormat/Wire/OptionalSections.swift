/// Parsing and encoding of the sections of format.md 6.
enum OptionalSections {
  private static let newline = UInt8(ascii: "\n")
  private static let equalsSign = UInt8(ascii: "=")

  // MARK: 6.1 labels

  static func parseLabels(_ bytes: [UInt8], origin: Origin, limits: Limits) throws(FormatError) -> [String] {
    var parser = ContentParser(bytes, origin: origin)
    return try parseLines(&parser, limits)
  }

  static func encodeLabels(_ labels: [String]) throws(FormatError) -> [UInt8] { try encodeLines(labels, "label") }

  // MARK: 6.3 provenance

  static func parseProvenance(_ bytes: [UInt8], origin: Origin, limits: Limits) throws(FormatError) -> [String: String] {
    var parser = ContentParser(bytes, origin: origin)
    var provenance: [String: String] = [:]
    var previous: Substring = ""
    for line in try parseLines(&parser, limits) {
      // On UTF-8: "=" and a combining mark behind it are one Character.
      let key = Substring(line.utf8.prefix { $0 != equalsSign })
      guard isKey(key), key.endIndex < line.endIndex else {
        throw parser.fieldError(.invalidText, got: "line \"\(line)\"", expected: "key=value")
      }
      // Keys are ASCII, so the order of strings is that of their bytes.
      guard previous < key else {
        throw parser.fieldError(.invalidText, got: "key \(key) after \(previous)", expected: "ascending keys")
      }
      provenance[String(key)] = String(Substring(line.utf8[key.endIndex...].dropFirst()))
      previous = key
    }
    return provenance
  }

  static func encodeProvenance(_ provenance: [String: String]) throws(FormatError) -> [UInt8] {
    let pairs = provenance.sorted { $0.key < $1.key }
    for (key, _) in pairs where !isKey(key[...]) {
      throw FormatError(.unencodable, got: "provenance key \"\(key)\"", expected: "ASCII letters, digits, '.', '-', '_'")
    }
    return try encodeLines(pairs.map { "\($0)=\($1)" }, "provenance")
  }

  private static func isKey(_ text: Substring) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "-", "_": true
        default: false
        }
      }
  }

  // MARK: Lines

  private static func parseLines(_ parser: inout ContentParser, _ limits: Limits) throws(FormatError) -> [String] {
    let text = try parser.text(parser.remainingCount)
    let lineCount = text.utf8.reduce(1) { $1 == newline ? $0 + 1 : $0 }
    guard lineCount <= limits.lineCount else {
      throw parser.fieldError(.limitExceeded, got: "\(lineCount) lines", expected: "at most \(limits.lineCount)")
    }
    // On UTF-8: the Character "\r\n" is not "\n".
    let lines = text.utf8.split(separator: newline, omittingEmptySubsequences: false)
    guard lines.last?.isEmpty == false else {
      throw parser.fieldError(.invalidText, got: "an empty last line", expected: "no line feed at the end")
    }
    return lines.map { String($0) ?? "" }
  }

  private static func encodeLines(_ lines: [String], _ name: String) throws(FormatError) -> [UInt8] {
    guard let last = lines.last, !last.isEmpty else {
      throw FormatError(.unencodable, got: "an empty last \(name)", expected: "at least one, and text in the last")
    }
    for line in lines where line.utf8.contains(where: { $0 == newline || $0 == 0 }) {
      throw FormatError(.unencodable, got: "\(name) \"\(line)\"", expected: "one line of text")
    }
    return Array(lines.map { Array($0.utf8) }.joined(separator: [newline]))
  }
}

// MARK: 6.2 preprocessing

extension OptionalSections {
  private enum ResizeCode: UInt8 {
    case stretch = 0
    case shorterSideThenCrop
  }

  static func parsePreprocessing(_ bytes: [UInt8], origin: Origin) throws(FormatError) -> Preprocessing {
    var parser = ContentParser(bytes, origin: origin)
    let colorOrder: Preprocessing.ColorOrder = try parser.value("color order")
    let resize: ResizeCode = try parser.value("resize")
    let channelCount: UInt16 = try parser.integer("channels", in: 1...4)
    var preprocessing = Preprocessing(colorOrder: colorOrder, resize: .stretch, mean: [], std: [])
    switch resize {
    case .stretch: _ = try parser.integer("shorter side", in: UInt32(0)...0)
    case .shorterSideThenCrop:
      preprocessing.resize = .shorterSideThenCrop(Int(try parser.integer("shorter side", in: UInt32(1)...UInt32(Int32.max))))
    }
    for _ in 0..<channelCount { preprocessing.mean.append(try parseFinite(&parser, "mean", atLeast: -Float.greatestFiniteMagnitude)) }
    for _ in 0..<channelCount { preprocessing.std.append(try parseFinite(&parser, "std", atLeast: Float.leastNormalMagnitude)) }
    try parser.end()
    return preprocessing
  }

  private static func parseFinite(_ parser: inout ContentParser, _ name: String, atLeast minimum: Float) throws(FormatError) -> Float {
    let value = try parser.float()
    guard value.isFinite, value >= minimum else {
      throw parser.fieldError(.valueOutOfRange, got: "\(name) \(value)", expected: "finite, at least \(minimum)")
    }
    return value
  }

  static func encodePreprocessing(_ preprocessing: Preprocessing) throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = [preprocessing.colorOrder.rawValue]
    var shorterSide = 0
    if case .shorterSideThenCrop(let side) = preprocessing.resize { shorterSide = side }
    bytes.append(preprocessing.resize == .stretch ? 0 : 1)
    bytes.appendInteger(try narrow(preprocessing.mean.count, "number of channels") as UInt16)
    bytes.appendInteger(try narrow(shorterSide, "shorter side") as UInt32)
    for value in preprocessing.mean + preprocessing.std { bytes.appendFloat(value) }
    _ = try parsePreprocessing(
      bytes, origin: Origin(section: .init(index: 0, type: SectionType.preprocessing.rawValue), fileOffset: 0, isInflated: true))
    return bytes
  }
}

// MARK: 6.4 selfTest

extension OptionalSections {
  private static let digestByteCount = 32

  static func parseSelfTest(_ bytes: [UInt8], origin: Origin) throws(FormatError) -> SelfTest {
    var parser = ContentParser(bytes, origin: origin)
    let seed: UInt64 = try parser.integer()
    let selfTest = SelfTest(seed: seed, outputDigest: Array(try parser.take(digestByteCount)))
    try parser.end()
    return selfTest
  }

  static func encodeSelfTest(_ selfTest: SelfTest) throws(FormatError) -> [UInt8] {
    guard selfTest.outputDigest.count == digestByteCount else {
      throw FormatError(.unencodable, got: "a digest of \(selfTest.outputDigest.count) bytes", expected: "\(digestByteCount)")
    }
    var bytes: [UInt8] = []
    bytes.appendInteger(selfTest.seed)
    return bytes + selfTest.outputDigest
  }
}

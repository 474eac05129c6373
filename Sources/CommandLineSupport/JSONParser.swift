/// Why a text is no JSON: the place, counted from 1, and what is wrong there.
package struct JSONError: Error, Equatable, CustomStringConvertible {
  package var line: Int
  package var column: Int
  package var expected: String

  package var description: String { "line \(line), column \(column): not JSON, expected \(expected)" }
}

extension JSON {
  /// A text of RFC 8259, whole; nested 64 deep at most. Numbers written without fraction or exponent are integers where they
  /// fit. A name that an object has twice is an error.
  package init(parsing text: String) throws(JSONError) {
    var parser = JSONParser(text)
    self = try parser.parseDocument()
  }
}

/// A recursive descent over the text's bytes. The tools do without Foundation, and so without its decoder.
private struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private static let deepest = 64

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func parseDocument() throws(JSONError) -> JSON {
    let value = try parseValue(depth: 0)
    skipSpace()
    guard position == bytes.count else { throw error("the end") }
    return value
  }

  private func error(_ expected: String) -> JSONError {
    let before = bytes[..<position]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let column = String(decoding: bytes[lineStart..<position], as: UTF8.self).count + 1
    return JSONError(line: before.count { $0 == UInt8(ascii: "\n") } + 1, column: column, expected: expected)
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
    skipSpace()
    guard depth <= Self.deepest else { throw error("no more than \(Self.deepest) values in each other") }
    for (word, value) in [("null", JSON.null), ("true", .bool(true)), ("false", .bool(false))]
    where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    switch next {
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "["): return .array(try parseList("[", "]") { (parser) throws(JSONError) in try parser.parseValue(depth: depth + 1) })
    case UInt8(ascii: "{"): return try parseObject(depth: depth)
    default: return try parseNumber()
    }
  }

  private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
    var names: Set<String> = []
    return .object(
      try parseList("{", "}") { (parser) throws(JSONError) in
        parser.skipSpace()
        guard parser.next == UInt8(ascii: "\"") else { throw parser.error("a name in quotation marks") }
        let name = try parser.parseString()
        guard names.insert(name).inserted else { throw parser.error("\"\(name)\" once in an object") }
        guard parser.take(":") else { throw parser.error("\":\"") }
        return Member(name, try parser.parseValue(depth: depth + 1))
      })
  }

  private typealias Member = JSON.Member

  private mutating func parseList<Item>(
    _ open: Unicode.Scalar, _ close: Unicode.Scalar, item: (inout JSONParser) throws(JSONError) -> Item
  ) throws(JSONError) -> [Item] {
    _ = take(open)
    if take(close) { return [] }
    var items = [try item(&self)]
    while take(",") { items.append(try item(&self)) }
    guard take(close) else { throw error("\",\" or \"\(close)\"") }
    return items
  }

  private mutating func parseNumber() throws(JSONError) -> JSON {
    let characters = bytes[position...].prefix { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
    }
    let text = String(decoding: characters, as: UTF8.self)
    guard text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, let number = Double(text), number.isFinite
    else { throw error("a value") }
    position += characters.count
    return Int(text).map(JSON.integer) ?? .number(number)
  }

  private mutating func parseString() throws(JSONError) -> String {
    position += 1
    var text: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw error("no control character in a text") }
      position += 1
      if byte == UInt8(ascii: "\\") { text += try parseEscape() } else { text.append(byte) }
    }
    guard next != nil else { throw error("a quotation mark") }
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// What follows a reverse solidus.
  private mutating func parseEscape() throws(JSONError) -> String.UTF8View {
    let escapes: [UInt8: String] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
      UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let byte = next else { throw error("an escape") }
    if let text = escapes[byte] {
      position += 1
      return text.utf8
    }
    guard byte == UInt8(ascii: "u") else { throw error("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u") }
    var units = [try parseCodeUnit()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
      position += 1
      units.append(try parseCodeUnit())
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw error("a pair of surrogates") }
    return text.utf8
  }

  /// "u" and four hexadecimal digits.
  private mutating func parseCodeUnit() throws(JSONError) -> UInt16 {
    let digits = bytes[(position + 1)...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("four hexadecimal digits") }
    position += 5
    return unit
  }
}

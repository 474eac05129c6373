/// The header of a .npy file (numpy's format, versions 1.0, 2.0, 3.0): element type and shape.
struct NpyHeader: Equatable {
  var type: WireType
  var shape: [Int]

  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// numpy writes about 100 bytes; more is needed only for structured types, which are refused.
  private static let maximumTextByteCount = 1 << 16

  /// Reads the header and leaves the stream at the first element.
  init(_ stream: ByteStream) throws(InputError) {
    let name = stream.name
    let start = try stream.read(8)
    guard start.starts(with: NpyHeader.magic) else { throw InputError(.malformed, name, "is no .npy file") }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw InputError(.unsupported, name, ".npy version", got: "\(start[6]).\(start[7])", expected: "1.0, 2.0 or 3.0")
    }
    let lengthBytes = try stream.read(start[6] == 1 ? 2 : 4)
    let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= NpyHeader.maximumTextByteCount else {
      throw InputError(.malformed, name, ".npy header", got: "\(length) bytes", expected: "at most \(NpyHeader.maximumTextByteCount)")
    }
    var parser = NpyHeaderParser(text: try stream.read(length), name: name)
    self = try parser.parse()
  }

  init(type: WireType, shape: [Int]) {
    self.type = type
    self.shape = shape
  }
}

/// Parses the dictionary literal `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`: these three keys, each once,
/// in any order.
struct NpyHeaderParser {
  private var rest: ArraySlice<UInt8>
  private let name: String

  init(text: [UInt8], name: String) {
    rest = text[...]
    self.name = name
  }

  mutating func parse() throws(InputError) -> NpyHeader {
    var type: WireType?
    var shape: [Int]?
    var isFortran: Bool?
    try expect("{")
    while !skip("}") {
      let key = try quoted()
      try expect(":")
      switch key {
      case "descr" where type == nil: type = try elementType()
      case "fortran_order" where isFortran == nil: isFortran = try bool()
      case "shape" where shape == nil: shape = try tuple()
      default: throw malformed("key \"\(key)\"")
      }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    guard rest.allSatisfy({ $0 == space || $0 == newline }) else { throw malformed("text after the dictionary") }
    guard let type, let shape, let isFortran else { throw malformed("a key is missing") }
    guard !isFortran || shape.count < 2 else {
      throw InputError(
        .unsupported, name, "Fortran order is not read", remedy: "save numpy.ascontiguousarray(array), or transpose the array")
    }
    return NpyHeader(type: type, shape: shape)
  }

  private mutating func elementType() throws(InputError) -> WireType {
    guard peek() != UInt8(ascii: "[") else { throw unsupported("structured elements", remedy: "save one field as an array") }
    let text = try quoted()
    let code = text.dropFirst()
    if text.hasPrefix(">") && code.last != "1" { throw unsupported(text, remedy: "save array.astype(array.dtype.newbyteorder('<'))") }
    guard text.first.map({ "<|=>".contains($0) }) == true else { throw unsupported(text) }
    switch code {
    case "u1", "u2", "u4", "u8": return WireType(number: .unsigned, byteCount: byteCount(code))
    case "i1", "i2", "i4", "i8": return WireType(number: .signed, byteCount: byteCount(code))
    case "f2", "f4", "f8": return WireType(number: .float, byteCount: byteCount(code))
    case "O": throw unsupported("object", remedy: "save an array of numbers")
    default: throw unsupported(text)
    }
  }

  private func byteCount(_ code: Substring) -> Int { code.last?.wholeNumberValue ?? 0 }

  private mutating func bool() throws(InputError) -> Bool {
    if skip("True") { return true }
    if skip("False") { return false }
    throw malformed("fortran_order")
  }

  private mutating func tuple() throws(InputError) -> [Int] {
    var shape: [Int] = []
    try expect("(")
    while !skip(")") {
      guard shape.count < 32 else { throw malformed("more than 32 axes") }
      shape.append(try integer())
      if !skip(",") {
        try expect(")")
        break
      }
    }
    return shape
  }

  private mutating func integer() throws(InputError) -> Int {
    skipSpaces()
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard let value = Int(String(decoding: digits, as: UTF8.self)) else { throw malformed("shape") }
    rest = rest[digits.endIndex...]
    return value
  }

  private mutating func quoted() throws(InputError) -> String {
    skipSpaces()
    guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw malformed("a quotation mark is missing")
    }
    let body = rest.dropFirst().prefix { $0 != quote }
    guard body.endIndex < rest.endIndex else { throw malformed("a quotation mark is missing") }
    rest = rest[(body.endIndex + 1)...]
    return String(decoding: body, as: UTF8.self)
  }

  private mutating func peek() -> UInt8? {
    skipSpaces()
    return rest.first
  }

  private mutating func skipSpaces() { rest = rest.drop { $0 == space || $0 == newline } }

  private mutating func skip(_ word: String) -> Bool {
    skipSpaces()
    guard rest.starts(with: word.utf8) else { return false }
    rest = rest.dropFirst(word.utf8.count)
    return true
  }

  private mutating func expect(_ word: String) throws(InputError) {
    if !skip(word) { throw malformed("\"\(word)\" is missing") }
  }

  private var space: UInt8 { UInt8(ascii: " ") }
  private var newline: UInt8 { UInt8(ascii: "\n") }

  private func malformed(_ problem: String) -> InputError { InputError(.malformed, name, ".npy header: \(problem)") }

  private func unsupported(_ type: String, remedy: String? = nil) -> InputError {
    InputError(
      .unsupported, name, ".npy element type", got: type, expected: "little-endian integers or floats of 1...8 bytes", remedy: remedy)
  }
}

extension String {
  /// The text with control characters written out, except line feeds and tabs: a name in a file is not to command the terminal.
  package var printable: String {
    func isCommand(_ scalar: Unicode.Scalar) -> Bool { scalar.isControl && scalar != "\n" && scalar != "\t" }
    guard unicodeScalars.contains(where: isCommand) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if isCommand(scalar) { text += "\\u{\(String(scalar.value, radix: 16))}" } else { text.unicodeScalars.append(scalar) }
    }
  }

  /// The first bytes, where the text has more of them than `byteCount`, and three dots.
  func shortened(byteCount: Int) -> String {
    utf8.count <= byteCount ? self : String(decoding: utf8.prefix(byteCount), as: UTF8.self) + "..."
  }
}

extension Unicode.Scalar {
  /// Whether it is of C0, C1, or delete.
  var isControl: Bool { value < 0x20 || (0x7F..<0xA0).contains(value) }
}

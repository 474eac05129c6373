/// A JSON value whose members keep their order, so that equal results print equal bytes.
package enum JSON: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  /// NaN and infinities, which JSON lacks, are written as null.
  case number(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  package struct Member: Equatable, Sendable {
    package var name: String
    package var value: JSON

    package init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// One line: `{"isa": ["scalar", "avx2"]}`.
  package var line: String {
    var text = ""
    write(to: &text, indentation: nil)
    return text
  }

  /// One member or element a line, indented by two spaces.
  package var indented: String {
    var text = ""
    write(to: &text, indentation: 0)
    return text
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += "\(value)"
    case .number(let value): text += value.isFinite ? "\(value)" : "null"
    case .string(let value): writeQuoted(value, to: &text)
    case .array(let elements):
      writeList(elements, "[", "]", to: &text, indentation) { element, text, deeper in
        element.write(to: &text, indentation: deeper)
      }
    case .object(let members):
      writeList(members, "{", "}", to: &text, indentation) { member, text, deeper in
        writeQuoted(member.name, to: &text)
        text += ": "
        member.value.write(to: &text, indentation: deeper)
      }
    }
  }

  private func writeList<T>(
    _ items: [T], _ open: String, _ close: String, to text: inout String, _ indentation: Int?, write: (T, inout String, Int?) -> Void
  ) {
    text += open
    let deeper = indentation.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { text += deeper == nil ? ", " : "," }
      if let deeper { text += "\n" + String(repeating: " ", count: deeper) }
      write(item, &text, deeper)
    }
    if let indentation, !items.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
    text += close
  }
}

/// RFC 8259, 7: quotation mark, reverse solidus and control characters are escaped, those beyond ASCII too.
private func writeQuoted(_ value: String, to text: inout String) {
  text += "\""
  for scalar in value.unicodeScalars {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case "\r": text += "\\r"
    case _ where scalar.isControl:
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  text += "\""
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
  package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0.0, $0.1) }) }
  package init(arrayLiteral elements: JSON...) { self = .array(elements) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
}

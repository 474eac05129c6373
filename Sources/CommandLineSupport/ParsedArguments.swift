/// A command line taken apart by an `ArgumentTable`. Asking for an option that the table lacks is a programmer's mistake.
package struct ParsedArguments: Sendable {
  package internal(set) var operands: [String] = []
  private var valuesByName: [String: [String]] = [:]
  private let table: ArgumentTable

  init(table: ArgumentTable) { self.table = table }

  mutating func add(_ option: Option, value: String) { valuesByName[option.name, default: []].append(value) }

  /// Names of the options on the command line, in the order of the table.
  package var given: [String] { table.options.map(\.name).filter(has) }

  package func has(_ name: String) -> Bool { !values(name).isEmpty }

  package func value(_ name: String) -> String? { values(name).last }

  /// All values of a repeatable option, in order.
  package func values(_ name: String) -> [String] {
    precondition(table.option(named: name) != nil, "--\(name) is not in the table of \(table.tool)")
    return valuesByName[name] ?? []
  }

  package func integer<T: FixedWidthInteger>(_ name: String, in range: ClosedRange<T>) throws(UsageError) -> T? {
    guard let text = value(name) else { return nil }
    guard let number = T(text), range.contains(number) else {
      throw mismatch(name, text, "an integer \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  package func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
    guard let text = value(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw mismatch(name, text, "a number \(range.lowerBound)...\(range.upperBound)")
    }
    return number
  }

  /// Finite numbers separated by commas: "127.5" or "123.7,116.3,103.5".
  package func numbers(_ name: String) throws(UsageError) -> [Float]? {
    guard let text = value(name) else { return nil }
    var numbers: [Float] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = Float(part), number.isFinite else { throw mismatch(name, text, "numbers separated by commas") }
      numbers.append(number)
    }
    return numbers
  }

  /// One of the words of an enum with string raw values.
  package func choice<T: RawRepresentable<String> & CaseIterable>(_ name: String, as type: T.Type = T.self) throws(UsageError) -> T? {
    guard let text = value(name) else { return nil }
    guard let choice = T(rawValue: text) else {
      throw mismatch(name, text, "one of " + T.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  private func mismatch(_ name: String, _ text: String, _ expected: String) -> UsageError {
    UsageError("--\(name): got \"\(text)\", expected \(expected)")
  }
}

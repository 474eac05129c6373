/// What a tool accepts: the one place that parsing, `--help` and the documentation come from.
package struct ArgumentTable: Sendable {
  package struct Example: Sendable {
    package var command: String
    package var meaning: String

    package init(_ command: String, _ meaning: String) {
      self.command = command
      self.meaning = meaning
    }
  }

  package var tool: String
  package var summary: String
  /// Each without the tool's name: "[options] IN OUT.nnq".
  package var usages: [String]
  package var options: [Option]
  /// Free text about operands, shown between the options and the examples.
  package var notes: [String]
  package var examples: [Example]

  package init(tool: String, summary: String, usages: [String], options: [Option], notes: [String] = [], examples: [Example]) {
    self.tool = tool
    self.summary = summary
    self.usages = usages
    self.options = options + Option.common
    self.notes = notes
    self.examples = examples
  }

  func option(named name: String) -> Option? { options.first { $0.name == name } }

  /// Splits a command line (without the program's name) into options and operands.
  ///
  /// `--name value`, `--name=value`; `--` ends the options; `-` alone is an operand, the standard input.
  /// - Throws: for an unknown option, a missing or needless value, an option given twice that is not repeatable.
  package func parse(_ arguments: [String]) throws(UsageError) -> ParsedArguments {
    var parsed = ParsedArguments(table: self)
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        parsed.operands += rest
        break
      }
      if !argument.hasPrefix("-") || argument == "-" {
        parsed.operands.append(argument)
        continue
      }
      let (option, attached) = try self.option(spelled: argument)
      parsed.add(option, value: try value(of: option, attached: attached, rest: &rest))
      if !option.isRepeatable, parsed.values(option.name).count > 1 { throw UsageError("--\(option.name) is given twice") }
    }
    return parsed
  }

  /// The option of `--name` or `--name=value`, and the value after the equals sign.
  private func option(spelled argument: String) throws(UsageError) -> (Option, attached: String?) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts[0].hasPrefix("--"), let option = option(named: String(parts[0].dropFirst(2))) {
      return (option, parts.count == 2 ? parts[1] : nil)
    }
    if parts[0] == "-h", let help = option(named: "help") { return (help, nil) }
    let word = String(parts[0].drop { $0 == "-" })
    let hint = nearest(to: word, among: options.map(\.name)).map { "; did you mean --\($0)?" } ?? ""
    throw UsageError("unknown option \(parts[0])\(hint)")
  }

  private func value(of option: Option, attached: String?, rest: inout ArraySlice<String>) throws(UsageError) -> String {
    guard let valueName = option.valueName else {
      if let attached { throw UsageError("--\(option.name) takes no value, got \"\(attached)\"") }
      return ""
    }
    if let attached { return attached }
    guard let next = rest.first, !next.hasPrefix("--") else { throw UsageError("--\(option.name) needs a value: \(valueName)") }
    rest.removeFirst()
    return next
  }
}

/// A command line that the tool does not accept.
package struct UsageError: Error, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}

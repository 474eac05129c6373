/// A line of a tool's argument table: `--name` or `--name VALUE`.
package struct Option: Equatable, Sendable {
  /// Without the dashes.
  package var name: String
  /// What `--help` shows for the value; nil for a flag, which takes none.
  package var valueName: String?
  package var help: String
  package var isRepeatable: Bool

  package static func flag(_ name: String, _ help: String) -> Option {
    Option(name: name, valueName: nil, help: help, isRepeatable: false)
  }

  package static func value(_ name: String, _ valueName: String, _ help: String, isRepeatable: Bool = false) -> Option {
    Option(name: name, valueName: valueName, help: help, isRepeatable: isRepeatable)
  }

  /// The options of every tool; `ArgumentTable` appends them to its own.
  static let common: [Option] = [
    .flag("quiet", "print no progress and no warnings"),
    .flag("verbose", "say more on stderr"),
    .flag("help", "print this text"),
    .flag("version", "print the version"),
  ]

  /// "--name" or "--name VALUE".
  var synopsis: String {
    guard let valueName else { return "--\(name)" }
    return "--\(name) \(valueName)"
  }
}

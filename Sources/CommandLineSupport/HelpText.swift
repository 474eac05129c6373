extension ArgumentTable {
  /// What `--help` prints, at most 100 columns wide.
  package var helpText: String {
    var lines = ["\(tool): \(summary)", ""]
    for (index, usage) in usages.enumerated() { lines.append((index == 0 ? "usage: " : "       ") + "\(tool) \(usage)") }
    lines += ["", "options:"]
    for option in options { lines += helpLines(option) }
    if !notes.isEmpty { lines += [""] + notes.flatMap { wrap($0, width: helpWidth) } }
    lines += ["", "examples:"]
    for example in examples { lines += ["  \(example.command)", "      \(example.meaning)"] }
    return lines.joined(separator: "\n")
  }

  private func helpLines(_ option: Option) -> [String] {
    let text = option.help + (option.isRepeatable ? " (repeatable)" : "")
    let wrapped = wrap(text, width: helpWidth - helpColumn)
    let indent = String(repeating: " ", count: helpColumn)
    let synopsis = "  " + option.synopsis
    guard synopsis.count < helpColumn - 1 else { return [synopsis] + wrapped.map { indent + $0 } }
    let padded = synopsis + String(repeating: " ", count: helpColumn - synopsis.count)
    return [padded + (wrapped.first ?? "")] + wrapped.dropFirst().map { indent + $0 }
  }
}

/// Columns of a help text, and the column where explanations begin.
private let helpWidth = 100
private let helpColumn = 26

/// Breaks a text at spaces into lines of at most `width` characters; a longer word keeps a line of its own.
func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  for word in text.split(separator: " ") {
    if let last = lines.last, last.count + 1 + word.count <= width {
      lines[lines.count - 1] = last + " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}

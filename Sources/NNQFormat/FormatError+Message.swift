extension FormatError: CustomStringConvertible {
  /// One line: where, what, what was expected, remedy.
  public var description: String {
    let place = self.place
    let allowed = expected.isEmpty ? "" : ", expected \(expected)"
    return (place.isEmpty ? "" : "\(place): ") + got + allowed + "; \(remedy)"
  }

  /// The description, preceded by the name of the file.
  public func message(file: String) -> String { "\(file): \(description)" }

  private var place: String {
    var words: [String] = []
    if let section { words.append("section \(section.index) (\(section.name))") }
    if let byteOffset { words.append("at byte 0x\(String(byteOffset, radix: 16, uppercase: true))") }
    if let contentOffset { words.append("+ 0x\(String(contentOffset, radix: 16, uppercase: true)) inflated") }
    return words.joined(separator: " ")
  }

  /// What the user can do about it.
  public var remedy: String {
    switch code {
    case .badSignature: "is this a .nnq file, copied in binary mode?"
    case .unsupportedVersion, .unsupportedSection, .unsupportedCodec: "use a newer version of this program"
    case .truncated, .trailingBytes: "copy the file again"
    case .checksumMismatch, .corruptStream: "the file is damaged, copy it again"
    case .limitExceeded: "raise the limit if you trust the file"
    case .ioError: "check the path and its permissions"
    case .exists: "choose another name or force overwriting"
    case .unencodable: "the model cannot be stored as it is"
    default: "the program that wrote the file is at fault"
    }
  }
}

extension FormatError.Section {
  public var name: String { SectionType(rawValue: type).map { "\($0)" } ?? "type \(type)" }
}

extension SectionEntry {
  public var name: String { FormatError.Section(index: 0, type: type).name }
}

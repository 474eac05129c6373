import Foundation

/// A table of spec/vectors.md: the conformance files of one chapter and what a reader says about them.
public struct VectorTable {
  public enum Chapter: String, Sendable {
    /// Rules [F1]... of format.md.
    case container = "Container"
    /// Rules [O1]... of operators.md.
    case operators = "Operators"

    /// Of its rules' numbers.
    var letter: String { self == .container ? "F" : "O" }
    var specification: String { self == .container ? "format.md" : "operators.md" }
    /// In fixtures/valid and fixtures/invalid.
    var folder: String { self == .container ? "" : "operators/" }
  }

  public struct Entry {
    /// From the folder `fixtures`.
    public var path: String
    public var rules: [Int]
    public var verdict: String

    public init(path: String, rules: [Int], verdict: String) {
      (self.path, self.rules, self.verdict) = (path, rules, verdict)
    }
  }

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let file = repository.appending(path: "spec/vectors.md")
  private static let fixtures = repository.appending(path: "fixtures")
  private static let golden = fixtures.appending(path: "golden")
  private static let tableHead = "| file | rules | verdict |\n|---|---|---|\n"

  public let chapter: Chapter
  public let entries: [Entry]
  /// What the paths start from.
  private let folder: URL

  /// The chapter's rows in spec/vectors.md.
  public init(_ chapter: Chapter) throws { try self.init(chapter, Self.file, in: Self.fixtures) }

  /// The chapter's valid files as a version of the format froze them (scripts/freeze-golden).
  public init(_ chapter: Chapter, frozenBy version: String) throws {
    let folder = Self.golden.appending(path: version)
    try self.init(chapter, folder.appending(path: "vectors.md"), in: folder)
  }

  /// Versions of the format whose files are frozen.
  public static func frozenVersions() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: golden.path).sorted()
  }

  private init(_ chapter: Chapter, _ file: URL, in folder: URL) throws {
    self.chapter = chapter
    self.folder = folder
    let text = try String(contentsOf: file, encoding: .utf8)
    entries = try text[Self.rows(of: chapter, in: text)].split(separator: "\n").map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3 else { throw CocoaError(.fileReadCorruptFile) }
      return Entry(path: cells[0], rules: cells[1].split(separator: " ").compactMap { Int($0.dropFirst()) }, verdict: cells[2])
    }
  }

  /// - Returns: from the chapter's table head to the next chapter or the end.
  private static func rows(of chapter: Chapter, in text: String) throws -> Range<String.Index> {
    guard let heading = text.range(of: "\n## \(chapter.rawValue)\n"),
      let head = text.range(of: tableHead, range: heading.upperBound..<text.endIndex)
    else { throw CocoaError(.fileReadCorruptFile) }
    let next = text.range(of: "\n\n## ", range: head.upperBound..<text.endIndex)
    return head.upperBound..<(next?.lowerBound ?? text.endIndex)
  }

  /// Replaces the chapter's rows in spec/vectors.md.
  public static func write(_ entries: [Entry], of chapter: Chapter) throws {
    var text = try String(contentsOf: file, encoding: .utf8)
    let range = try rows(of: chapter, in: text)
    let rows = entries.map { entry in
      "| \(entry.path) | \(entry.rules.map { "\(chapter.letter)\($0)" }.joined(separator: " ")) | \(entry.verdict) |"
    }
    text.replaceSubrange(range, with: rows.joined(separator: "\n") + (range.upperBound == text.endIndex ? "\n" : ""))
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  public func bytes(of entry: Entry) throws -> [UInt8] {
    // Not Data(contentsOf:), which loses memory on an empty file, so that the leak sanitizer complains.
    let file = try FileHandle(forReadingFrom: folder.appending(path: entry.path))
    defer { try? file.close() }
    return [UInt8](try file.readToEnd() ?? Data())
  }

  public static func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: fixtures.appending(path: path))
  }
}

// MARK: What a table is held to

extension VectorTable {
  /// The text whose rules the files are about.
  public func specification() throws -> String {
    try String(contentsOf: Self.repository.appending(path: "spec/" + chapter.specification), encoding: .utf8)
  }

  /// Numbers that the text gives to its rules.
  public func ruleNumbers() throws -> Set<Int> {
    let pattern = try Regex("\\[\(chapter.letter)([0-9]+)\\]")
    return Set(try specification().matches(of: pattern).compactMap { match in match[1].substring.flatMap { Int($0) } })
  }

  /// Lines with a MUST, between two headings, that bear no number.
  public func unnumberedMusts(from first: String, to last: String) throws -> [Substring] {
    let text = try specification()
    guard let start = text.range(of: first)?.upperBound, let end = text.range(of: last)?.lowerBound else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return text[start..<end].split(separator: "\n").filter { $0.contains("MUST") && !$0.contains("[\(chapter.letter)") }
  }

  /// Paths in the chapter's folders of fixtures/valid and fixtures/invalid.
  public func filesFound() throws -> Set<String> {
    var found: Set<String> = []
    for folder in ["valid/", "invalid/"] {
      let path = folder + chapter.folder
      let names = try FileManager.default.contentsOfDirectory(atPath: Self.fixtures.appending(path: path).path)
      found.formUnion(names.filter { $0.hasSuffix(".nnq") }.map { path + $0 })
    }
    return found
  }
}

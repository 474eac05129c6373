import Foundation

@testable import NNQFormat

/// The table of spec/vectors.md.
struct VectorIndex {
  struct Entry {
    /// From the folder `fixtures`.
    var path: String
    var rules: [Int]
    var verdict: String
  }

  static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let file = repository.appending(path: "spec/vectors.md")
  static let fixtures = repository.appending(path: "fixtures")
  private static let tableHead = "| file | rules | verdict |\n|---|---|---|\n"

  var entries: [Entry]

  init(_ entries: [Entry]) { self.entries = entries }

  /// Reads the rows that name a file.
  init() throws {
    entries = try String(contentsOf: Self.file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, cells[0].hasSuffix(".nnq") else { return nil }
      return Entry(path: cells[0], rules: cells[1].split(separator: " ").compactMap { Int($0.dropFirst()) }, verdict: cells[2])
    }
  }

  /// Replaces the table, and keeps the text before it.
  func write() throws {
    let old = try String(contentsOf: Self.file, encoding: .utf8)
    let text = old.range(of: Self.tableHead).map { old[..<$0.lowerBound] } ?? old[...]
    let rows = entries.map { entry in
      "| \(entry.path) | \(entry.rules.map { "F\($0)" }.joined(separator: " ")) | \(entry.verdict) |\n"
    }
    try (text + Self.tableHead + rows.joined()).write(to: Self.file, atomically: true, encoding: .utf8)
  }

  static func bytes(of entry: Entry) throws -> [UInt8] {
    // Not Data(contentsOf:), which loses memory on an empty file, so that the leak sanitizer complains.
    let file = try FileHandle(forReadingFrom: fixtures.appending(path: entry.path))
    defer { try? file.close() }
    return [UInt8](try file.readToEnd() ?? Data())
  }

  /// What the reader says about a file, in the words of the index.
  static func verdict(_ bytes: [UInt8]) -> String {
    do throws(FormatError) {
      return "accept " + (try ModelFile.read(bytes: bytes).contentDigest()).hexString
    } catch {
      let content = error.contentOffset.map { " + \($0)" } ?? ""
      return "\(error.code.rawValue) at \(error.byteOffset.map { "\($0)" } ?? "no place")\(content)"
    }
  }
}

import Foundation
import Testing

@testable import NNQFormat

@Suite struct VectorTests {
  let index: VectorIndex

  init() throws { index = try VectorIndex() }

  @Test func givesEveryFileItsVerdict() throws {
    for entry in index.entries {
      let bytes = try VectorIndex.bytes(of: entry)
      #expect(VectorIndex.verdict(bytes) == entry.verdict, "\(entry.path)")
    }
  }

  /// A pipe has no known length; what is read from one is refused all the same.
  @Test func givesTheSameVerdictToPipes() throws {
    for entry in index.entries {
      let bytes = try VectorIndex.bytes(of: entry)
      let isAccepted = (try? ModelFile.read(from: TrickleSource(bytes), threads: 1)) != nil
      #expect(isAccepted == entry.verdict.hasPrefix("accept"), "\(entry.path)")
    }
  }

  /// Spec 4.3: what is not safe to copy is gone; the rest is the same model.
  @Test func rewritesValidFiles() throws {
    for entry in index.entries where entry.verdict.hasPrefix("accept") {
      let bytes = try VectorIndex.bytes(of: entry)
      let model = try ModelFile.read(bytes: bytes)
      let rewritten = try model.encoded()
      #expect(try ModelFile.read(bytes: rewritten) == model, "\(entry.path)")
      #expect(VectorIndex.verdict(rewritten) == entry.verdict, "\(entry.path)")
    }
  }

  @Test func listsEveryFileOnce() throws {
    let listed = index.entries.map(\.path)
    #expect(Set(listed).count == listed.count)
    for folder in ["valid", "invalid"] {
      let found = try FileManager.default.contentsOfDirectory(atPath: VectorIndex.fixtures.appending(path: folder).path)
      let expected = listed.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }
      #expect(Set(found.filter { $0.hasSuffix(".nnq") }) == Set(expected))
    }
  }

  @Test func hasAFileForEveryRule() throws {
    let text = try Self.specification()
    let numbers = Set(text.matches(of: /\[F([0-9]+)\]/).compactMap { Int($0.output.1) })
    #expect(numbers == Set(1...(numbers.max() ?? 1)), "rules are numbered without gaps")
    #expect(Set(index.entries.flatMap(\.rules)) == numbers)
  }

  /// Chapters 2 to 8: annex B is the business of those who know the operators.
  @Test func numbersEveryMust() throws {
    let text = try Self.specification()
    let start = try #require(text.range(of: "\n## 3.")).upperBound
    let end = try #require(text.range(of: "\n## Annex A")).lowerBound
    for line in text[start..<end].split(separator: "\n") where line.contains("MUST") {
      #expect(line.contains("[F"), "\(line)")
    }
  }

  @Test func listsEveryErrorCode() throws {
    let text = try Self.specification()
    for code in FormatError.Code.allCases { #expect(text.contains("\n| \(code.rawValue) |"), "\(code)") }
  }

  /// scripts/make-vectors: writes the files and the index anew.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["NNQ_MAKE_VECTORS"] != nil, "run by scripts/make-vectors"))
  func makeVectors() throws {
    var entries: [VectorIndex.Entry] = []
    for vector in try Vector.all() {
      let verdict = VectorIndex.verdict(vector.bytes)
      #expect(verdict.hasPrefix(vector.code?.rawValue ?? "accept"), "\(vector.name): \(verdict)")
      try Data(vector.bytes).write(to: VectorIndex.fixtures.appending(path: vector.path))
      entries.append(VectorIndex.Entry(path: vector.path, rules: vector.rules, verdict: verdict))
    }
    try VectorIndex(entries).write()
  }

  private static func specification() throws -> String {
    try String(contentsOf: VectorIndex.repository.appending(path: "spec/format.md"), encoding: .utf8)
  }
}

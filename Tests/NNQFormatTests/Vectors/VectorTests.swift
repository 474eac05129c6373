import Foundation
import TestSupport
import Testing

@testable import NNQFormat

@Suite struct VectorTests {
  let index: VectorTable

  init() throws { index = try VectorTable(.container) }

  @Test func givesEveryFileItsVerdict() throws {
    for entry in index.entries {
      let bytes = try index.bytes(of: entry)
      #expect(Vector.verdict(bytes) == entry.verdict, "\(entry.path)")
    }
  }

  /// The format's promise (format.md, annex E).
  @Test func readsWhatEarlierVersionsFroze() throws {
    let versions = try VectorTable.frozenVersions()
    #expect(versions.first == "1.0")
    for version in versions {
      let frozen = try VectorTable(.container, frozenBy: version)
      #expect(!frozen.entries.isEmpty)
      for entry in frozen.entries { #expect(try Vector.verdict(frozen.bytes(of: entry)) == entry.verdict, "\(version): \(entry.path)") }
    }
  }

  /// A pipe has no known length; what is read from one is refused all the same.
  @Test func givesTheSameVerdictToPipes() throws {
    for entry in index.entries {
      let bytes = try index.bytes(of: entry)
      let isAccepted = (try? ModelFile.read(from: TrickleSource(bytes), threads: 1)) != nil
      #expect(isAccepted == entry.verdict.hasPrefix("accept"), "\(entry.path)")
    }
  }

  /// Spec 4.3: what is not safe to copy is gone; the rest is the same model.
  @Test func rewritesValidFiles() throws {
    for entry in index.entries where entry.verdict.hasPrefix("accept") {
      let bytes = try index.bytes(of: entry)
      let model = try ModelFile.read(bytes: bytes)
      let rewritten = try model.encoded()
      #expect(try ModelFile.read(bytes: rewritten) == model, "\(entry.path)")
      #expect(Vector.verdict(rewritten) == entry.verdict, "\(entry.path)")
    }
  }

  @Test func listsEveryFileOnce() throws {
    let listed = index.entries.map(\.path)
    #expect(Set(listed).count == listed.count)
    #expect(try Set(listed) == index.filesFound())
  }

  @Test func hasAFileForEveryRule() throws {
    let numbers = try index.ruleNumbers()
    #expect(numbers == Set(1...(numbers.max() ?? 1)), "rules are numbered without gaps")
    #expect(Set(index.entries.flatMap(\.rules)) == numbers)
  }

  /// Chapters 3 to 8: annex B is the business of those who know the operators.
  @Test func numbersEveryMust() throws {
    #expect(try index.unnumberedMusts(from: "\n## 3.", to: "\n## Annex A") == [])
  }

  @Test func listsEveryErrorCode() throws {
    let text = try index.specification()
    for code in FormatError.Code.allCases { #expect(text.contains("\n| \(code.rawValue) |"), "\(code)") }
  }

  /// scripts/make-vectors: writes the files and the index anew.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["NNQ_MAKE_VECTORS"] != nil, "run by scripts/make-vectors"))
  func makeVectors() throws {
    var entries: [VectorTable.Entry] = []
    for vector in try Vector.all() {
      let verdict = Vector.verdict(vector.bytes)
      #expect(verdict.hasPrefix(vector.code?.rawValue ?? "accept"), "\(vector.name): \(verdict)")
      try VectorTable.write(vector.bytes, to: vector.path)
      entries.append(VectorTable.Entry(path: vector.path, rules: vector.rules, verdict: verdict))
    }
    try VectorTable.write(entries, of: .container)
  }
}

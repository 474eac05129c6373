import Foundation
import NNQFormat
import NNQGraph
import TestSupport
import Testing

@Suite struct OperatorVectorTests {
  let table: VectorTable

  init() throws { table = try VectorTable(.operators) }

  @Test func givesEveryFileItsVerdict() throws {
    for entry in table.entries {
      #expect(try OperatorVector.verdict(table.bytes(of: entry)) == entry.verdict, "\(entry.path)")
    }
  }

  /// The format's promise (format.md, annex E): the same contents, the same outputs.
  @Test func computesWhatEarlierVersionsFroze() throws {
    for version in try VectorTable.frozenVersions() {
      let frozen = try VectorTable(.operators, frozenBy: version)
      #expect(!frozen.entries.isEmpty)
      for entry in frozen.entries {
        #expect(try OperatorVector.verdict(frozen.bytes(of: entry)) == entry.verdict, "\(version): \(entry.path)")
      }
    }
  }

  @Test func listsEveryFileOnce() throws {
    let listed = table.entries.map(\.path)
    #expect(Set(listed).count == listed.count)
    #expect(try Set(listed) == table.filesFound())
  }

  /// A legal graph at the rule's edge, and for all but what the type of a field already bounds one that breaks it.
  @Test func hasAFileForEveryRule() throws {
    let numbers = try table.ruleNumbers()
    #expect(numbers == Set(1...(numbers.max() ?? 1)), "rules are numbered without gaps")
    #expect(Set(table.entries.flatMap(\.rules)) == numbers)
  }

  @Test func numbersEveryMust() throws {
    #expect(try table.unnumberedMusts(from: "\n## 1.", to: "\n## 6.") == [])
  }

  /// scripts/make-vectors: writes the files and the table anew.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["NNQ_MAKE_VECTORS"] != nil, "run by scripts/make-vectors"))
  func makeVectors() throws {
    var entries: [VectorTable.Entry] = []
    for vector in OperatorVector.all() {
      let bytes = try vector.file.encoded(.stored)
      let verdict = try OperatorVector.verdict(bytes)
      #expect(verdict.hasPrefix(vector.code?.rawValue ?? "accept"), "\(vector.name): \(verdict)")
      try VectorTable.write(bytes, to: vector.path)
      entries.append(VectorTable.Entry(path: vector.path, rules: vector.rules, verdict: verdict))
    }
    try VectorTable.write(entries, of: .operators)
  }
}

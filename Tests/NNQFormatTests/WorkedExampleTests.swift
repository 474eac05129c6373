import Foundation
import TestSupport
import Testing

@testable import NNQFormat

/// Annex C of the specification is a file.
@Suite struct WorkedExampleTests {
  private let annex: Substring
  private let bytes: [UInt8]

  init() throws {
    let text = try VectorTable(.container).specification()
    let start = try #require(text.range(of: "\n## Annex C.")).upperBound
    let end = try #require(text.range(of: "\n## Annex D.")).lowerBound
    annex = text[start..<end]
    bytes = try Self.parse(annex)
  }

  @Test func isReadAsTheModelItExplains() throws {
    let model = try ModelFile.read(bytes: bytes)
    #expect(model == SampleModels.smallest)
    #expect(annex.contains("The content digest is \(try model.contentDigest().hexString)."))
  }

  @Test func isWhatTheWriterWrites() throws {
    #expect(try SampleModels.smallest.encoded(.stored) == bytes)
  }

  /// Lines of the form `offset  bytes  explanation`, or `offset  00 x count  explanation`.
  private static func parse(_ annex: Substring) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let line = #/\n    ([0-9A-F]{4})  ([0-9A-F]{2}(?: [0-9A-F]{2})*|00 x [0-9]+)  /#
    for line in annex.matches(of: line) {
      let offset = try #require(Int(line.output.1, radix: 16))
      #expect(offset == bytes.count)
      let words = line.output.2.split(separator: " ")
      if words.count == 3, words[1] == "x" {
        bytes += [UInt8](repeating: 0, count: try #require(Int(words[2])))
      } else {
        bytes += try words.map { try #require(UInt8($0, radix: 16)) }
      }
    }
    return bytes
  }
}

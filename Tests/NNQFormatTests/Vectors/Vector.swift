@testable import NNQFormat

/// A conformance file and what it is about.
struct Vector {
  /// Stem of the file in fixtures/valid or fixtures/invalid.
  var name: String
  /// Numbers of the rules of format.md that it keeps at their edge, or breaks.
  var rules: [Int]
  /// Nil for a valid file.
  var code: FormatError.Code?
  var bytes: [UInt8]

  var path: String { (code == nil ? "valid/" : "invalid/") + name + ".nnq" }

  static func all() throws -> [Vector] {
    try valid() + invalidHeaders() + invalidTables() + invalidGraphs() + invalidConstants() + invalidOptionalSections()
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

  /// A file that breaks one rule.
  /// - Parameter change: applied to the smallest model, all sections stored.
  static func invalid(
    _ name: String, _ rules: Int..., code: FormatError.Code, model: ModelFile = SampleModels.smallest,
    positions: StorageRecord.Positions = .dense, _ change: (inout RawFile) -> Void
  ) throws -> Vector {
    var file = try RawFile(model, positions: positions)
    change(&file)
    return Vector(name: name, rules: rules, code: code, bytes: file.encoded())
  }
}

extension FixedWidthInteger {
  /// As a field of the format.
  var littleEndianBytes: [UInt8] { (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (8 * $0)) } }
}

import CommandLineSupport

/// Why a file cannot serve as input.
package struct InputError: Error, Equatable {
  package enum Kind: Equatable, Sendable {
    /// There is no such file, or it may not be read.
    case missing
    /// The bytes break the rules of their own format.
    case malformed
    /// A legal file of a kind that is not read here.
    case unsupported
    /// A good file that does not fit the net or another file.
    case mismatch
    /// A limit of `InputLimits` is exceeded.
    case tooLarge
  }

  package var kind: Kind
  package var file: String
  package var problem: String
  package var got: String?
  package var expected: String?
  package var remedy: String?

  package init(
    _ kind: Kind, _ file: String, _ problem: String, got: String? = nil, expected: String? = nil, remedy: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.problem = problem
    self.got = got
    self.expected = expected
    self.remedy = remedy
  }

  /// One line: "images.npy: shape: got 5x32x32, expected 32x32x3; ..."
  package var message: String {
    let facts = [got.map { "got \($0)" }, expected.map { "expected \($0)" }].compactMap { $0 }
    let line = "\(file): \(problem)" + (facts.isEmpty ? "" : ": " + facts.joined(separator: ", "))
    return remedy.map { "\(line); \($0)" } ?? line
  }
}

extension InputError {
  /// What a command says and how it ends.
  package var commandError: CommandError { CommandError(kind == .missing ? .noInput : .badData, message) }
}

/// What a reader is willing to hold in memory at a time.
package struct InputLimits: Equatable, Sendable {
  /// One decoded picture.
  package var pixelCount = 1 << 26
  /// One array, when it is read whole.
  package var arrayByteCount = 1 << 30
  /// A picture or a text file, and all of the standard input.
  package var fileByteCount = 1 << 30

  package init() {}
}

/// "1x3x224x224"; "scalar" for rank 0.
package func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map { "\($0)" }.joined(separator: "x")
}

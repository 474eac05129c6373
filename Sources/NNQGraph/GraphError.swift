/// Why an integer graph is refused. Spec: operators.md 5.
public struct GraphError: Error, Equatable, Sendable {
  /// Stable names; the order carries no meaning.
  public enum Code: String, Sendable {
    case wrongKind
    case unknownOperator
    case unsupportedVersion
    case operandCount
    case operandType
    case attributeCount
    case attributeRange
    case shapeMismatch
    case quantizationMismatch
    case constantRange
    case undefinedTensor
    case redefinedTensor
    case unusedTensor
    case badPort
    case accumulatorOverflow
    case costMismatch
  }

  public var code: Code
  /// The node (by its first output's name), tensor or port that breaks the rule.
  public var location: String
  public var got: String
  public var expected: String

  public init(_ code: Code, at location: String, got: String, expected: String) {
    self.code = code
    self.location = location
    self.got = got
    self.expected = expected
  }
}

extension GraphError: CustomStringConvertible {
  public var description: String { "\(location): \(code.rawValue): got \(got), expected \(expected)" }
}

/// Why a net cannot be converted as asked: what, where, and what would help.
public struct ConvertError: Error, Equatable, Sendable {
  public enum Code: String, Sendable {
    /// An operation, or an arrangement of operations, that integer graphs do not have.
    case unsupported
    /// An option that does not fit the net.
    case badOption
    /// A calibration sample that does not fit the inputs.
    case badSample
    /// A plan that does not fit the net.
    case badPlan
    /// A model that was not made from the net it is compared with.
    case badModel
    /// No room, or no access, for what the samples give.
    case scratch
  }

  public var code: Code
  /// The layer, option or sample.
  public var location: String
  public var reason: String
  public var remedy: String

  init(_ code: Code, at location: String, _ reason: String, remedy: String) {
    self.code = code
    self.location = location
    self.reason = reason
    self.remedy = remedy
  }
}

extension ConvertError: CustomStringConvertible {
  public var description: String { "\(location): \(reason); \(remedy)" }
}

/// One thing of a model that cannot be imported: where it is, why, and what helps.
public struct Refusal: Error, Equatable, Sendable {
  /// Stable names of the causes.
  public enum Code: String, Sendable, CaseIterable {
    // What ONNX allows and this importer does not take.
    case unsupportedOpset, unsupportedDomain, unsupportedFunction, unsupportedOperator, unsupportedAttribute, unsupportedOperand
    case unsupportedType, externalData, sparseInitializer, symbolicAxis, batchAxis, missingPort
    // What ONNX does not allow.
    case duplicateName, undefinedName, missingOperand, invalidAttribute, invalidOperand, invalidTensor, invalidShape
    // What the caller asked for or limits.
    case invalidOption, tooLarge
  }

  public var code: Code
  public var place: Place
  public var reason: String
  /// What the user can do about it.
  public var remedy: String?
  /// The operand that is a constant and would be supported if the net computed it.
  var constantOperand: Int?

  public init(_ code: Code, at place: Place, _ reason: String, remedy: String? = nil) {
    self.code = code
    self.place = place
    self.reason = reason
    self.remedy = remedy
  }
}

/// A part of a model, as a message names it.
public struct Place: Equatable, Sendable {
  /// An operator ("Conv"), or the kind of a thing that is no node: "model", "input", "output", "initializer".
  public var kind: String
  /// Of the node (its first output's, when it has none), the input, the initializer. Empty for the model.
  public var name: String
  public var attribute: String?
  /// Of the message that describes it, from the start of the file; nil where no single one does. It follows from the rest, and is
  /// not compared.
  public var byteOffset: Int?

  public init(_ kind: String, _ name: String = "", attribute: String? = nil, byteOffset: Int? = nil) {
    self.kind = kind
    self.name = name
    self.attribute = attribute
    self.byteOffset = byteOffset
  }

  init(_ node: NodeProto, attribute: String? = nil) {
    self.init(node.opType, node.name, attribute: attribute, byteOffset: node.byteOffset)
  }

  public static func == (a: Place, b: Place) -> Bool { (a.kind, a.name, a.attribute) == (b.kind, b.name, b.attribute) }
}

extension Refusal: CustomStringConvertible {
  public var description: String {
    "\(place): \(reason)" + (place.byteOffset.map { " (byte \($0))" } ?? "") + (remedy.map { "; \($0)" } ?? "")
  }
}

extension Place: CustomStringConvertible {
  public var description: String {
    kind + (name.isEmpty ? "" : " '\(name)'") + (attribute.map { ", attribute \($0)" } ?? "")
  }
}

/// Why a float graph is not legal, and where.
public struct FloatGraphError: Error, Equatable, Sendable {
  public enum Reason: Error, Equatable, Sendable {
    case operandCount(Int, allowed: ClosedRange<Int>)
    case operandRank(operand: Int, shape: [Int], allowed: ClosedRange<Int>)
    case operandShape(operand: Int, shape: [Int], expected: [Int])
    case notBroadcastable([Int], [Int])
    case attributeCount(String, got: Int, expected: Int)
    case attribute(String, got: String, allowed: String)
    /// A window larger than the padded input.
    case kernelExceedsInput(axis: Int, kernel: Int, input: Int)
    /// `reshape` and `slice` take the shape of their output from the graph.
    case missingOutputShape
    case outputShape([Int], expected: [Int])
    /// An extent below 1, or more than 2^31-1 bytes.
    case illegalShape([Int])
    case elementCount(Int, shape: [Int])
    case valueIndex(Int, valueCount: Int)
    /// The value is used before a node defines it.
    case undefinedOperand(value: String)
    case definedTwice(value: String)
    /// A stored model is not a float graph: what was read, what is allowed.
    case record(String, got: String, allowed: String)
  }

  /// The name of the node, or of the value when no node is at fault.
  public var node: String
  public var reason: Reason

  public init(node: String, _ reason: Reason) {
    self.node = node
    self.reason = reason
  }
}

extension FloatGraphError: CustomStringConvertible {
  public var description: String { "\(node): \(reason)" }
}

extension FloatGraphError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .operandCount(let count, let allowed): "has \(count) operands, allowed are \(allowed.text)"
    case .operandRank(let operand, let shape, let allowed):
      "operand \(operand) has shape \(shape), its rank must be \(allowed.text)"
    case .operandShape(let operand, let shape, let expected): "operand \(operand) has shape \(shape), expected \(expected)"
    case .notBroadcastable(let a, let b): "shapes \(a) and \(b) do not broadcast"
    case .attributeCount(let name, let got, let expected): "\(name) has \(got) entries, expected \(expected)"
    case .attribute(let name, let got, let allowed): "\(name) is \(got), allowed: \(allowed)"
    case .kernelExceedsInput(let axis, let kernel, let input):
      "the window covers \(kernel) elements of axis \(axis), which has \(input) with its padding"
    case .missingOutputShape: "the output's shape is not given"
    case .outputShape(let shape, let expected): "the output's shape is \(shape), expected \(expected)"
    case .illegalShape(let shape): "shape \(shape) is empty or larger than 2^31-1 bytes"
    case .elementCount(let count, let shape): "\(count) elements for shape \(shape)"
    case .valueIndex(let index, let count): "value index \(index) with \(count) values"
    case .undefinedOperand(let value): "'\(value)' is used before it is defined"
    case .definedTwice(let value): "'\(value)' is defined twice"
    case .record(let field, let got, let allowed): "\(field) is \(got), allowed: \(allowed)"
    }
  }
}

extension ClosedRange<Int> {
  fileprivate var text: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)...\(upperBound)" }
}

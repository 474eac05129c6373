/// What becomes of the elements that a reduction brings together. Spec: operators.md 3.16.
public enum Reduction: Equatable, Sendable {
  /// Their sum times multiplier * 2^-shift; a mean is such a sum.
  case sum(multiplier: Int32, shift: Int32)
  case max
  case min
}

extension Reduction {
  /// Elements of x for one of y: with 16 bits each and a 24-bit multiplier their sum fits 64 bits.
  package static let maximumElementCount = 1 << 20

  init(from reader: inout AttributeReader) throws(GraphError) {
    switch try reader.take(0...2) {
    case 0: self = .sum(multiplier: try reader.take(1...(1 << 24 - 1)), shift: try reader.take(1...60))
    case 1: self = .max
    default: self = .min
    }
  }

  var attributes: [Int32] {
    switch self {
    case .sum(let multiplier, let shift): [0, multiplier, shift]
    case .max: [1]
    case .min: [2]
    }
  }
}

/// Normalisation over the last axis. Spec: operators.md 3.18.
public struct LayerNorm: Equatable, Sendable {
  /// Whether the mean is subtracted; without it only the root of the mean square divides (RMSNorm).
  public var subtractsMean: Bool
  /// E = epsilon * 2^epsilonShift: n^2 times the epsilon of the variance, in squared steps of x.
  public var epsilon: Int32
  public var epsilonShift: Int32
  /// s2: bits below a step of y in gain and offset.
  public var shift: Int32

  public init(subtractsMean: Bool, epsilon: Int32, epsilonShift: Int32, shift: Int32) {
    self.subtractsMean = subtractsMean
    self.epsilon = epsilon
    self.epsilonShift = epsilonShift
    self.shift = shift
  }
}

extension LayerNorm {
  /// Extents of the last axis up to this keep every sum within 64 bits.
  package static let maximumLength = 1 << 16

  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      subtractsMean: try reader.take(0...1) == 0, epsilon: try reader.take(0...Int32.max), epsilonShift: try reader.take(0...31),
      shift: try reader.take(8...31))
  }

  var attributes: [Int32] { [subtractsMean ? 0 : 1, epsilon, epsilonShift, shift] }
}

/// Normalisation over the last axis: y = (x - mean) / sqrt(variance + epsilon) * scale + bias; without the mean, x over the
/// root of its mean square (RMSNorm).
public struct FloatLayerNorm: Equatable, Sendable {
  public var subtractsMean: Bool
  public var epsilon: Float

  public init(subtractsMean: Bool, epsilon: Float) {
    self.subtractsMean = subtractsMean
    self.epsilon = epsilon
  }
}

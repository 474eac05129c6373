/// What a model is to keep or to fit into. The converter then chooses how much it removes: bits where they are `automatic`,
/// weights otherwise.
public enum ConversionGoal: Equatable, Sendable {
  /// The smallest model that changes the best answer of at most so many per cent of the samples.
  ///
  /// Counted on samples that weights are not fitted to: every third one, where there are three.
  case drop(percent: Double)
  /// The model nearest to the float net that takes at most so many bytes.
  case size(byteCount: Int)
}

/// How much is removed.
struct CompressionStep: Equatable, Sendable {
  /// Share of all weights.
  var sparsity: Double
  var bits: WeightBits
}

extension CompressionStep: CustomStringConvertible {
  var description: String {
    let words = Set(bits.bits.values).sorted(by: >).map { count in "\(bits.bits.values.count { $0 == count }) x \(count)" }
    return "share \(sparsity), layers x bits: " + words.joined(separator: ", ")
  }
}

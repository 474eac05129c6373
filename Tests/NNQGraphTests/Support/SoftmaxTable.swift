import NNQGraph

/// Operand 1 of softmax. Spec: operators.md 3.4.
enum SoftmaxTable {
  /// Halves with each step of x up to 31: A[0] = 2^31, other A are 0, B[d] = 2^(31-d).
  static let halving: Tensor = {
    var entries = [Int](repeating: 0, count: 512)
    entries[0] = 1 << 31
    for distance in 0..<32 { entries[256 + distance] = 1 << (31 - distance) }
    return .constant("t", .u32, entries)
  }()
}

/// What the runtime takes at most, so that no file makes a kernel's arithmetic overflow or a plan endless.
enum PlanLimits {
  /// Of an activation with its batch, or of the weights of a node. Kernels compute coordinates, element numbers and packed
  /// positions in 31 bits; this leaves one of them for padding, strides and rounding up.
  static let tensorByteCount = 1 << 30

  /// Steps and buffers of a plan, each. Placing buffers takes quadratic time: 0.2 s for these. A net of today has some hundred.
  static let stepCount = 1 << 14

  /// Scratch of one thread. A convolution may pad its input far beyond the size of any tensor.
  static let scratchByteCount = 1 << 31
}

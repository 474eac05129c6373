import CKernels

/// A step of a plan, its node, and how much work it is.
struct PlannedStep {
  /// Index in the graph.
  let node: Int
  var step: nn_step
  /// Indices of arena buffers; the offsets in `step` follow from them.
  let inputBuffer: Int
  let outputBuffer: Int
  let otherBuffer: Int?

  /// Output rows of all images, and panels of NN_PANEL output channels: what can be shared out.
  let rowCount: Int
  let panelCount: Int
  /// Multiply-accumulates of the whole batch; 0 for operators other than conv2D and dense.
  let macCount: Int
  /// Activations read and written, and weights.
  let byteCount: Int
}

extension PlannedStep {
  mutating func place(at byteOffsets: [Int]) {
    step.input.offset = byteOffsets[inputBuffer]
    step.output.offset = byteOffsets[outputBuffer]
    if let otherBuffer { step.other.offset = byteOffsets[otherBuffer] }
  }
}

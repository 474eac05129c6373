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
  /// Roughly the time on one thread, by the rates of the best kernels on small layers: 200 multiply-accumulates a nanosecond
  /// in panels, 50 in depthwise and grouped convolutions, 32 bytes in other operators.
  var estimatedNanoseconds: Int {
    guard macCount > 0 else { return byteCount / 32 }
    return macCount / (step.splits_columns != 0 ? 200 : 50)
  }

  mutating func place(at byteOffsets: [Int]) {
    step.input.offset = byteOffsets[inputBuffer]
    step.output.offset = byteOffsets[outputBuffer]
    if let otherBuffer { step.other.offset = byteOffsets[otherBuffer] }
  }
}

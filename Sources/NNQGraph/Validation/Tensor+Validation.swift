import NNQFormat

extension Tensor {
  /// Spec: operators.md 1 and format.md 5.1.1.
  func validate() throws(GraphError) {
    try requireExtents()
    if let constant { try check(constant) } else { try checkActivation() }
  }

  /// Divides instead of multiplying, so that nothing overflows.
  private func requireExtents() throws(GraphError) {
    var byteCount = elementType.byteCount
    for extent in shape {
      guard extent > 0, extent <= Int(Int32.max) / byteCount else {
        throw GraphError(.shapeMismatch, at: name, got: "\(shape)", expected: "extents of 1 or more, at most 2^31 - 1 bytes")
      }
      byteCount *= extent
    }
  }

  private func check(_ constant: Constant) throws(GraphError) {
    guard packedSummary != nil || constant.bytes.count == byteCount else {
      throw GraphError(.shapeMismatch, at: name, got: "\(constant.bytes.count) bytes", expected: "\(byteCount)")
    }
    guard elementType != .f32, quantization == nil else {
      throw GraphError(
        .operandType, at: name, got: "a constant of \(elementType), \(quantization as Any)", expected: "integers without a scale")
    }
  }

  private func checkActivation() throws(GraphError) {
    guard let quantization, [.u8, .s16, .s32].contains(elementType) else {
      throw GraphError(.operandType, at: name, got: "\(elementType)", expected: "an activation of u8, s16 or s32")
    }
    if elementType == .s32, quantization != Quantization(scale: 1, zeroPoint: 0) {
      throw GraphError(.quantizationMismatch, at: name, got: "\(quantization)", expected: "scale 1, zero point 0 for s32")
    }
    let zeroPoints: ClosedRange<Int32> = elementType == .u8 ? 0...255 : -32768...32767
    guard zeroPoints.contains(quantization.zeroPoint), quantization.scale.isFinite, quantization.scale >= 0x1p-126 else {
      throw GraphError(
        .quantizationMismatch, at: name, got: "\(quantization)", expected: "a scale of 2^-126 or more, zero point within \(zeroPoints)")
    }
    guard shape.first == 1 else {
      throw GraphError(.shapeMismatch, at: name, got: "\(shape)", expected: "a batch axis of 1")
    }
  }
}

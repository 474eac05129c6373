import NNQFormat

/// matMul and layerNorm. Spec: operators.md 3.17 and 3.18.
extension NodeChecker {
  func check(_ matMul: MatMul) throws(GraphError) {
    try requireOperandCount(2...2)
    try requireActivation(input(0), .u8, .s16)
    try requireActivation(input(1), .u8)
    try requireActivation(output, .u8, .s16)
    try requireCentered(input(0))
    try requireCentered(output)
    let (a, b) = (input(0).shape, input(1).shape)
    try require(a.count >= 3, .shapeMismatch, got: "rank \(a.count) for '\(input(0).name)'", expected: "3 or more")
    try requireRank(input(1), a.count)
    let (rows, depth) = (a[a.count - 2], a[a.count - 1])
    let (columns, depthOfB) = matMul.transposeB ? (b[b.count - 2], b[b.count - 1]) : (b[b.count - 1], b[b.count - 2])
    try require(depth == depthOfB, .shapeMismatch, got: "depths \(depth) and \(depthOfB)", expected: "one depth")
    try require(depth <= MatMul.maximumDepth, .shapeMismatch, got: "depth \(depth)", expected: "at most \(MatMul.maximumDepth)")
    try requireShape(output, try broadcast(a.dropLast(2), b.dropLast(2)) + [rows, columns])
    try checkClamp(lo: matMul.lo, hi: matMul.hi)
  }

  /// Extents are equal or 1.
  private func broadcast(_ a: [Int], _ b: [Int]) throws(GraphError) -> [Int] {
    try require(
      zip(a, b).allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }, .shapeMismatch, got: "leading axes \(a) and \(b)",
      expected: "extents that are equal or 1")
    return zip(a, b).map { max($0, $1) }
  }

  func checkLayerNorm() throws(GraphError) {
    try requireOperandCount(3...3)
    try requireActivation(input(0), .u8, .s16)
    try requireActivation(output, .u8, .s16)
    try requireCentered(input(0))
    try requireCentered(output)
    try requireAxisBesidesBatch(input(0))
    try requireShape(output, input(0).shape)
    let length = output.shape[output.shape.count - 1]
    try require(length <= LayerNorm.maximumLength, .shapeMismatch, got: "an axis of \(length)", expected: "at most 2^16")
    try requireConstant(1, .s16, shape: [length])
    try requireConstant(2, .s32, shape: [length])
  }

  /// The zero point of s16 is 0.
  func requireCentered(_ tensor: Tensor) throws(GraphError) {
    try require(
      tensor.elementType == .u8 || tensor.quantization?.zeroPoint == 0, .quantizationMismatch,
      got: "\(tensor.quantization as Any) for '\(tensor.name)'", expected: "zero point 0 for s16")
  }
}

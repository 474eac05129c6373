/// Shape inference: what each operation demands of its operands, and the shape of its one output.
extension FloatOperation {
  typealias Problem = FloatGraphError.Reason

  static let maximumRank = 8
  /// The largest stride, dilation, padding or group count.
  static let maximumExtent = 65_535

  /// How many operands the operation takes.
  package var operandCounts: ClosedRange<Int> {
    switch self {
    case .conv, .convTranspose, .dense, .resize: 2...3
    case .batchNormalization: 5...5
    case .binary, .matMul, .gather, .take: 2...2
    case .layerNormalization: 3...3
    case .concat: 1...255
    case .unary, .maxPool, .averagePool, .globalAveragePool, .softmax, .reshape, .transpose, .pad, .slice, .reduce: 1...1
    }
  }

  /// - Parameters:
  ///   - operands: legal shapes, one for each operand.
  ///   - declared: the output's shape where the graph states it; `reshape` and `slice` need it.
  /// - Returns: the output's shape, legal and equal to `declared` if that is given.
  func outputShape(operands: [[Int]], declared: [Int]?) throws(Problem) -> [Int] {
    guard operandCounts.contains(operands.count) else { throw .operandCount(operands.count, allowed: operandCounts) }
    let shape = try inferredShape(operands: operands, declared: declared)
    try Self.checkLegal(shape)
    if let declared, declared != shape { throw .outputShape(declared, expected: shape) }
    return shape
  }

  private func inferredShape(operands: [[Int]], declared: [Int]?) throws(Problem) -> [Int] {
    switch self {
    case .conv(let conv): try conv.outputShape(operands: operands)
    case .dense: try Self.denseShape(operands)
    case .batchNormalization(let epsilon): try Self.batchNormalizationShape(operands, epsilon: epsilon)
    case .binary: try broadcastShape(operands[0], operands[1])
    case .unary(let function): try function.outputShape(operands[0])
    case .maxPool(let window), .averagePool(let window, countIncludePad: _): try window.outputShape(operands[0])
    case .globalAveragePool: try Self.globalAveragePoolShape(operands[0])
    case .softmax(let axis): try Self.softmaxShape(operands[0], axis: axis)
    case .reshape: try Self.reshapeShape(operands[0], declared: declared)
    case .transpose(let permutation): try Self.transposeShape(operands[0], permutation: permutation)
    case .pad(let before, let after, value: _): try Self.padShape(operands[0], before: before, after: after)
    case .slice(let begin, let step): try Self.sliceShape(operands[0], begin: begin, step: step, declared: declared)
    case .concat(let axis): try Self.concatShape(operands, axis: axis)
    case .matMul(let scale): try Self.matMulShape(operands, scale: scale)
    case .layerNormalization(let norm): try Self.layerNormalizationShape(operands, epsilon: norm.epsilon)
    case .reduce(_, let axes): try Self.reduceShape(operands[0], axes: axes)
    case .gather: try Self.gatherShape(operands)
    case .convTranspose(let conv): try conv.transposedOutputShape(operands: operands)
    case .take(let axis): try Self.takeShape(operands, axis: axis)
    case .resize: try Self.resizeShape(operands)
    }
  }

  /// Extents of 1 or more, rank 8 at most, 2^31-1 bytes at most (format.md 5.1.1).
  package static func checkLegal(_ shape: [Int]) throws(FloatGraphError.Reason) {
    var byteCount = 4
    for extent in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard extent >= 1, !overflow, product <= Int(Int32.max) else { throw .illegalShape(shape) }
      byteCount = product
    }
    guard shape.count <= maximumRank else { throw .illegalShape(shape) }
  }

  static func check(_ value: Int, _ name: String, in allowed: ClosedRange<Int>) throws(Problem) {
    guard allowed.contains(value) else {
      throw .attribute(name, got: "\(value)", allowed: "\(allowed.lowerBound)...\(allowed.upperBound)")
    }
  }

  static func check(_ values: [Int], _ name: String, count: Int, in allowed: ClosedRange<Int>) throws(Problem) {
    guard values.count == count else { throw .attributeCount(name, got: values.count, expected: count) }
    for value in values { try check(value, name, in: allowed) }
  }

  static func check(_ shape: [Int], operand: Int, is expected: [Int]) throws(Problem) {
    guard shape == expected else { throw .operandShape(operand: operand, shape: shape, expected: expected) }
  }

  static func check(_ shape: [Int], operand: Int, rank allowed: ClosedRange<Int>) throws(Problem) {
    guard allowed.contains(shape.count) else { throw .operandRank(operand: operand, shape: shape, allowed: allowed) }
  }
}

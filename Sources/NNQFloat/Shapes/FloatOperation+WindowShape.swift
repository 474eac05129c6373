/// Shapes of the operations that sum or compare over channels and windows.
extension FloatOperation {
  /// Convolutions and pools have one or two spatial axes.
  static let spatialOperandRank = 3...4

  static func denseShape(_ operands: [[Int]]) throws(Problem) -> [Int] {
    let (x, weights) = (operands[0], operands[1])
    try check(x, operand: 0, rank: 1...maximumRank)
    try check(weights, operand: 1, rank: 2...2)
    try check(weights, operand: 1, is: [weights[0], x[x.count - 1]])
    if operands.count == 3 { try check(operands[2], operand: 2, is: [weights[0]]) }
    return x.dropLast() + [weights[0]]
  }

  static func globalAveragePoolShape(_ x: [Int]) throws(Problem) -> [Int] {
    try check(x, operand: 0, rank: 3...maximumRank)
    return x.enumerated().map { axis, extent in axis < 2 ? extent : 1 }
  }

  /// The output's extent along one spatial axis.
  ///
  /// - Parameters: extents are legal, attributes have been checked, so no product overflows.
  static func windowedExtent(
    axis: Int, input: Int, kernel: Int, stride: Int, dilation: Int = 1, padBegin: Int, padEnd: Int
  ) throws(Problem) -> Int {
    let covered = (kernel - 1) * dilation + 1
    let padded = input + padBegin + padEnd
    guard covered <= padded else { throw .kernelExceedsInput(axis: axis, kernel: covered, input: padded) }
    return (padded - covered) / stride + 1
  }
}

extension FloatConv {
  /// Operands: x[N,C,spatial...], weights[K,C/G,kernel...], bias[K].
  func outputShape(operands: [[Int]]) throws(FloatGraphError.Reason) -> [Int] {
    let (x, weights) = (operands[0], operands[1])
    try checkOperands(operands, padsAtEnd: 0...FloatOperation.maximumExtent)
    var shape = [x[0], weights[0]]
    for axis in 2..<x.count {
      shape.append(
        try FloatOperation.windowedExtent(
          axis: axis, input: x[axis], kernel: weights[axis], stride: strides[axis - 2], dilation: dilations[axis - 2],
          padBegin: pads[axis - 2], padEnd: pads[axis - 2 + strides.count]))
    }
    return shape
  }

  /// The shape of the transposed convolution with the same operands.
  func transposedOutputShape(operands: [[Int]]) throws(FloatGraphError.Reason) -> [Int] {
    let (x, weights) = (operands[0], operands[1])
    try checkOperands(operands, padsAtEnd: -FloatOperation.maximumExtent...FloatOperation.maximumExtent)
    var shape = [x[0], weights[0]]
    for axis in 2..<x.count {
      let covered = (weights[axis] - 1) * dilations[axis - 2] + 1
      shape.append((x[axis] - 1) * strides[axis - 2] + covered - pads[axis - 2] - pads[axis - 2 + strides.count])
    }
    return shape
  }

  private func checkOperands(_ operands: [[Int]], padsAtEnd: ClosedRange<Int>) throws(FloatGraphError.Reason) {
    let (x, weights) = (operands[0], operands[1])
    try FloatOperation.check(x, operand: 0, rank: FloatOperation.spatialOperandRank)
    try checkAttributes(spatialCount: x.count - 2, padsAtEnd: padsAtEnd)
    try FloatOperation.check(weights, operand: 1, rank: x.count...x.count)
    guard x[1] % groups == 0, weights[0] % groups == 0 else {
      throw .attribute("groups", got: "\(groups)", allowed: "a divisor of \(x[1]) and \(weights[0]) channels")
    }
    try FloatOperation.check(weights, operand: 1, is: [weights[0], x[1] / groups] + weights[2...])
    if operands.count == 3 { try FloatOperation.check(operands[2], operand: 2, is: [weights[0]]) }
  }

  private func checkAttributes(spatialCount: Int, padsAtEnd: ClosedRange<Int>) throws(FloatGraphError.Reason) {
    let limit = FloatOperation.maximumExtent
    try FloatOperation.check(strides, "strides", count: spatialCount, in: 1...limit)
    try FloatOperation.check(dilations, "dilations", count: spatialCount, in: 1...limit)
    try FloatOperation.check(pads, "pads", count: 2 * spatialCount, in: -limit...limit)
    for pad in pads[..<spatialCount] { try FloatOperation.check(pad, "pads", in: 0...limit) }
    for pad in pads[spatialCount...] { try FloatOperation.check(pad, "pads", in: padsAtEnd) }
    try FloatOperation.check(groups, "groups", in: 1...limit)
  }
}

extension FloatWindow {
  func outputShape(_ x: [Int]) throws(FloatGraphError.Reason) -> [Int] {
    try FloatOperation.check(x, operand: 0, rank: FloatOperation.spatialOperandRank)
    let spatialCount = x.count - 2
    let limit = FloatOperation.maximumExtent
    try FloatOperation.check(kernel, "kernel", count: spatialCount, in: 1...limit)
    try FloatOperation.check(strides, "strides", count: spatialCount, in: 1...limit)
    try FloatOperation.check(pads, "pads", count: 2 * spatialCount, in: 0...limit)
    var shape = [x[0], x[1]]
    for axis in 0..<spatialCount {
      // Padding below the kernel's extent: so every window holds at least one element of x.
      for pad in [pads[axis], pads[axis + spatialCount]] { try FloatOperation.check(pad, "pads", in: 0...(kernel[axis] - 1)) }
      shape.append(
        try FloatOperation.windowedExtent(
          axis: axis + 2, input: x[axis + 2], kernel: kernel[axis], stride: strides[axis], padBegin: pads[axis],
          padEnd: pads[axis + spatialCount]))
    }
    return shape
  }
}

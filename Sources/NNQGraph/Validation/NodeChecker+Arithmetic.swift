import NNQFormat

/// add, multiply, maximum, minimum and requantize. Spec: operators.md 3.1, 3.13 to 3.15 and 5.4.
extension NodeChecker {
  func check(_ add: Add) throws(GraphError) {
    try checkBroadcast()
    try checkClamp(lo: add.lo, hi: add.hi)
    try requireNotZero(add.multiplierA)
    try requireNotZero(add.multiplierB)
    try checkSum([(input(0), add.multiplierA), (input(1), add.multiplierB)], shift: add.shift)
  }

  func check(_ multiply: Multiply) throws(GraphError) {
    try checkBroadcast()
    try checkClamp(lo: multiply.lo, hi: multiply.hi)
  }

  /// maximum and minimum.
  func checkExtremum() throws(GraphError) {
    try checkBroadcast()
    try requireSameQuantization(input(0))
    if input(1).constant == nil {
      try requireSameQuantization(input(1))
    } else {
      try requireConstant(1, output.elementType, shape: input(1).shape)
    }
  }

  func check(_ requantize: Requantize) throws(GraphError) {
    try requireOperandCount(1...1)
    for tensor in [input(0), output] { try requireActivation(tensor, .u8, .s16) }
    try requireShape(output, input(0).shape)
    try checkClamp(lo: requantize.lo, hi: requantize.hi)
    try requireNotZero(requantize.multiplier)
    try checkSum([(input(0), requantize.multiplier)], shift: requantize.shift)
  }

  private func requireNotZero(_ multiplier: Int32) throws(GraphError) {
    try require(multiplier != 0, .attributeRange, got: "multiplier 0", expected: "-32767...-1 or 1...32767")
  }

  /// Types of two operands and the output, and that both broadcast to it.
  private func checkBroadcast() throws(GraphError) {
    try requireOperandCount(2...2)
    for tensor in [input(0), output] { try requireActivation(tensor, .u8, .s16) }
    let b = input(1)
    try require(
      [.u8, .s16].contains(b.elementType), .operandType, got: "'\(b.name)' of \(b.elementType)", expected: "an operand of u8 or s16")
    let (shapeA, shapeB, y) = (input(0).shape, b.shape, output.shape)
    let isBroadcast =
      shapeA.count == y.count && shapeB.count == y.count
      && y.indices.allSatisfy { axis in
        max(shapeA[axis], shapeB[axis]) == y[axis] && [1, y[axis]].contains(shapeA[axis]) && [1, y[axis]].contains(shapeB[axis])
      }
    try require(isBroadcast, .shapeMismatch, got: "\(shapeA) and \(shapeB)", expected: "shapes that broadcast to \(y)")
  }

  /// The overflow bound in 64 bits.
  private func checkSum(_ terms: [(tensor: Tensor, multiplier: Int32)], shift: Int32) throws(GraphError) {
    let start = Int(output.quantization?.zeroPoint ?? 0) << Int(shift) + half(Int(shift))
    var (least, most) = (start, start)
    for (tensor, multiplier) in terms {
      let values = tensor.elementType == .u8 ? 0...255 : -32768...32767
      let zeroPoint = Int(tensor.quantization?.zeroPoint ?? 0)
      let ends = [(values.lowerBound - zeroPoint) * Int(multiplier), (values.upperBound - zeroPoint) * Int(multiplier)]
      least += min(ends[0], ends[1])
      most += max(ends[0], ends[1])
    }
    try require(
      least >= Int(Int32.min) && most <= Int(Int32.max), .accumulatorOverflow, got: "\(least)...\(most)", expected: "within 32 bits")
  }
}

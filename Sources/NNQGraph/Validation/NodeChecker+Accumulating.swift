import NNQFormat

/// conv2D and dense. Spec: operators.md 2 and 5.3.
extension NodeChecker {
  func check(_ conv: Conv2D) throws(GraphError) {
    try requireOperandCount(5...6)
    try requireActivation(input(0), .u8)
    try requireRank(input(0), 4)
    try requireRank(input(1), 4)
    let (x, weights) = (input(0).shape, input(1).shape)
    let (channels, outputChannels, kernel) = (x[3], weights[0], weights[1...2])
    try require(
      channels % conv.groups == 0 && outputChannels % conv.groups == 0, .attributeRange, got: "\(conv.groups) groups",
      expected: "a divisor of \(channels) and \(outputChannels) channels")
    let height = try windowExtent(
      x[1], kernel: kernel[1], stride: conv.stride.height, dilation: conv.dilation.height, before: conv.padding.top,
      after: conv.padding.bottom)
    let width = try windowExtent(
      x[2], kernel: kernel[2], stride: conv.stride.width, dilation: conv.dilation.width, before: conv.padding.left,
      after: conv.padding.right)
    try requireShape(output, [1, height, width, outputChannels])
    try requireConstant(1, .s8, shape: [outputChannels, kernel[1], kernel[2], channels / conv.groups])
    try checkAccumulation(conv.epilogue)
  }

  func checkDense(_ epilogue: Epilogue) throws(GraphError) {
    try requireOperandCount(5...6)
    try requireActivation(input(0), .u8)
    try requireAxisBesidesBatch(input(0))
    try requireRank(input(1), 2)
    let (x, weights) = (input(0).shape, input(1).shape)
    try requireConstant(1, .s8, shape: [weights[0], x[x.count - 1]])
    try requireShape(output, x.dropLast() + [weights[0]])
    try checkAccumulation(epilogue)
  }

  private func checkAccumulation(_ epilogue: Epilogue) throws(GraphError) {
    let channelCount = input(1).shape[0]
    try requireActivation(output, .u8, .s16)
    try requireConstant(2, .s32, shape: [channelCount])
    try requireConstant(3, .u16, shape: [channelCount])
    try requireConstant(4, .u8, shape: [channelCount])
    try checkClamp(lo: epilogue.lo, hi: epilogue.hi)
    if output.elementType == .s16 {
      try require(
        output.quantization?.zeroPoint == 0, .quantizationMismatch, got: "\(output.quantization as Any)", expected: "zero point 0 for s16")
    }
    try checkResidual(epilogue)
    try checkRequantization()
  }

  private func checkResidual(_ epilogue: Epilogue) throws(GraphError) {
    let hasResidual = node.inputs.count == 6
    try require(
      hasResidual == (epilogue.residualMultiplier > 0), .attributeRange, got: "residual multiplier \(epilogue.residualMultiplier)",
      expected: hasResidual ? "1...32767" : "0, there is no residual")
    if hasResidual {
      try requireActivation(input(5), .u8)
      try requireShape(input(5), output.shape)
    }
  }

  func checkClamp(lo: Int32, hi: Int32) throws(GraphError) {
    let range: ClosedRange<Int32> = output.elementType == .u8 ? 0...255 : -32768...32767
    try require(
      lo <= hi && range.contains(lo) && range.contains(hi), .attributeRange, got: "clamp \(lo)...\(hi)", expected: "within \(range)")
  }

  /// Ranges of multiplier and shift, weights above -128, and the overflow bound in 64 bits.
  private func checkRequantization() throws(GraphError) {
    let zeroPoint = Int(input(0).quantization?.zeroPoint ?? 0)
    let (bias, multiplier, shift) = (input(2).integers, input(3).integers, input(4).integers)
    let weights = input(1).weightSummary
    try require(!weights.holdsForbiddenWeight, .constantRange, got: "weight -128", expected: "-127...127")
    for (channel, sums) in weights.sums.enumerated() {
      try require(
        (256...32767).contains(multiplier[channel]), .constantRange, got: "multiplier \(multiplier[channel]) of channel \(channel)",
        expected: "256...32767")
      try require(
        (0...22).contains(shift[channel]), .constantRange, got: "shift \(shift[channel]) of channel \(channel)", expected: "0...22")
      let rounding = shift[channel] > 0 ? 1 << (shift[channel] - 1) : 0
      let start = bias[channel] - zeroPoint * sums.total + rounding
      try require(
        start + 255 * sums.positive <= Int(Int32.max) && start - 255 * sums.negative >= Int(Int32.min), .accumulatorOverflow,
        got: "\(start - 255 * sums.negative)...\(start + 255 * sums.positive) in channel \(channel)", expected: "within 32 bits")
    }
  }
}

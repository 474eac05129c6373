import NNQFormat

/// Pools, softmax and table. Spec: operators.md 3.2 to 3.5.
extension NodeChecker {
  func check(_ window: Window) throws(GraphError) {
    try requireOperandCount(1...1)
    try requireActivation(input(0), .u8, .s16)
    try requireSameQuantization(input(0))
    try checkPoolShape(window)
  }

  func check(_ pool: AveragePool) throws(GraphError) {
    try requireOperandCount(1...1)
    for tensor in [input(0), output] {
      try requireActivation(tensor, .u8, .s16)
      try requireCentered(tensor)
    }
    try checkPoolShape(pool.window)
    let elementCount = pool.window.kernel.height * pool.window.kernel.width
    let most = input(0).elementType == .u8 ? 1 << 20 : 1 << 15
    try require(elementCount <= most, .attributeRange, got: "\(elementCount) elements in a window", expected: "at most \(most)")
  }

  private func checkPoolShape(_ window: Window) throws(GraphError) {
    try requireRank(input(0), 4)
    let x = input(0).shape
    let (kernel, stride, padding) = (window.kernel, window.stride, window.padding)
    let height = try windowExtent(
      x[1], kernel: kernel.height, stride: stride.height, before: padding.top, after: padding.bottom)
    let width = try windowExtent(x[2], kernel: kernel.width, stride: stride.width, before: padding.left, after: padding.right)
    try requireShape(output, [1, height, width, x[3]])
  }

  func checkSoftmax() throws(GraphError) {
    try requireOperandCount(2...2)
    try requireActivation(input(0), .u8, .s16)
    try requireAxisBesidesBatch(input(0))
    try requireActivation(output, .u8, .s16)
    try requireShape(output, input(0).shape)
    let bits = output.elementType == .u8 ? 8 : 15
    try require(
      output.quantization == Quantization(scale: 1 / Float(1 << bits), zeroPoint: 0), .quantizationMismatch,
      got: "\(output.quantization as Any)", expected: "scale 2^-\(bits), zero point 0")
    let length = input(0).shape[input(0).shape.count - 1]
    try require(length <= 1 << 16, .shapeMismatch, got: "an axis of \(length)", expected: "at most 2^16")
    try requireConstant(1, .u32, shape: [512])
    let entries = input(1).integers
    try require(
      entries[0] == 1 << 31 && entries[256] == 1 << 31 && entries.allSatisfy { $0 <= 1 << 31 }, .constantRange,
      got: "A[0] = \(entries[0]), B[0] = \(entries[256]), largest \(entries.max() ?? 0)", expected: "A[0] = B[0] = 2^31, no entry larger")
  }

  func checkTable() throws(GraphError) {
    try requireOperandCount(2...2)
    let (x, entries) = (input(0), input(1))
    try requireActivation(x, .u8, .s16)
    try requireActivation(output, .u8, .s16)
    try requireShape(output, x.shape)
    let isPerChannel = entries.shape.count == 2
    if isPerChannel { try requireAxisBesidesBatch(x) }
    let entryCount = x.elementType.tableEntryCount
    try requireConstant(
      1, x.elementType == .u8 ? output.elementType : .s16, shape: x.shape.suffix(isPerChannel ? 1 : 0) + [entryCount])
  }
}

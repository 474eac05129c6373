import NNQGraph

/// A node of every operator on an input of rank 2, with attribute words written by hand from operators.md.
enum SampleNodes {
  static let all: [(operation: NNQGraph.Operation, opcode: UInt16, attributes: [Int32])] = [
    (conv, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, -10, 11, 12]),
    (.dense(Epilogue(lo: -32768, hi: 32767, residualMultiplier: 32767)), 2, [-32768, 32767, 32767]),
    (.add(Add(multiplierA: -1, multiplierB: 2, shift: 3, lo: 4, hi: 5)), 3, [-1, 2, 3, 4, 5]),
    (.maxPool(window), 4, [1, 2, 3, 4, 5, 6, 7, 8]),
    (.averagePool(averagePool(countIncludePad: true)), 5, [1, 2, 3, 4, 5, 6, 7, 8, 1, 9, 10]),
    (.averagePool(averagePool(countIncludePad: false)), 5, [1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 10]),
    (.softmax, 6, []),
    (.table, 7, []),
    (.pad(before: [0, 1], after: [2, 3], fill: -4), 8, [0, 1, 2, 3, -4]),
    (.slice(begin: [0, 1], step: [2, 3]), 9, [0, 1, 2, 3]),
    (.reshape, 10, []),
    (.concat(axis: 7), 11, [7]),
    (.multiply(Multiply(shiftA: 1, shiftB: 2, multiplier: 3, lo: 4, hi: 5)), 12, [1, 2, 3, 4, 5]),
    (.maximum, 13, []),
    (.minimum, 14, []),
    (.requantize(Requantize(multiplier: -1, shift: 2, lo: 3, hi: 4)), 15, [-1, 2, 3, 4]),
    (.transpose(permutation: [0, 1]), 16, [0, 1]),
    (.take(axis: 7), 17, [7]),
    (.resize, 18, []),
    (.gather, 19, []),
    (.reduce(.sum(multiplier: 5, shift: 6)), 20, [0, 5, 6]),
    (.reduce(.max), 20, [1]),
    (.reduce(.min), 20, [2]),
    (.matMul(MatMul(transposeB: true, multiplier: 300, shift: 2, lo: -3, hi: 4)), 21, [1, 300, 2, -3, 4]),
    (.layerNorm(LayerNorm(subtractsMean: false, epsilon: 5, epsilonShift: 6, shift: 8)), 22, [1, 5, 6, 8]),
  ]

  private static let conv = NNQGraph.Operation.conv2D(
    Conv2D(
      stride: Extent2D(height: 1, width: 2), dilation: Extent2D(height: 3, width: 4),
      padding: Padding2D(top: 5, left: 6, bottom: 7, right: 8), groups: 9, epilogue: Epilogue(lo: -10, hi: 11, residualMultiplier: 12)))

  private static let window = Window(
    1, 2, stride: Extent2D(height: 3, width: 4), padding: Padding2D(top: 5, left: 6, bottom: 7, right: 8))

  private static func averagePool(countIncludePad: Bool) -> AveragePool {
    AveragePool(window: window, countIncludePad: countIncludePad, multiplier: 9, shift: 10)
  }
}

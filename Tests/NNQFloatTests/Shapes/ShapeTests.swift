import NNQFloat
import Testing

/// Appends one node on inputs of the given shapes and gives its output's shape.
private func shape(_ operation: FloatOperation, _ operands: [[Int]], declared: [Int]? = nil) throws -> [Int] {
  var graph = FloatGraph()
  for (index, operand) in operands.enumerated() { try graph.addInput(name: "x\(index)", shape: operand) }
  let y = try graph.append(operation, name: "node", inputs: graph.inputs, outputName: "y", outputShape: declared)
  return graph.values[y].shape
}

@Suite struct ShapeTests {
  private static let unit = FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1)

  @Test func convolution() throws {
    let conv = FloatConv(strides: [2, 3], dilations: [1, 2], pads: [1, 0, 0, 2], groups: 2)
    #expect(try shape(.conv(conv), [[1, 6, 10, 11], [4, 3, 3, 2], [4]]) == [1, 4, 5, 4])
    let line = FloatConv(strides: [1], dilations: [1], pads: [1, 1], groups: 1)
    #expect(try shape(.conv(line), [[1, 2, 5], [3, 2, 3]]) == [1, 3, 5])
  }

  @Test func transposedConvolution() throws {
    let conv = FloatConv(strides: [2, 3], dilations: [1, 2], pads: [1, 0, 0, -2], groups: 2)
    #expect(try shape(.convTranspose(conv), [[1, 6, 4, 5], [4, 3, 3, 2], [4]]) == [1, 4, 8, 17])
    let begin = FloatConv(strides: [1], dilations: [1], pads: [-1, 0], groups: 1)
    #expect(throws: FloatGraphError(node: "node", .attribute("pads", got: "-1", allowed: "0...65535"))) {
      try shape(.convTranspose(begin), [[1, 2, 5], [3, 2, 3]])
    }
    #expect(throws: FloatGraphError(node: "node", .attribute("pads", got: "-1", allowed: "0...65535"))) {
      try shape(.conv(FloatConv(strides: [1], dilations: [1], pads: [0, -1], groups: 1)), [[1, 2, 5], [3, 2, 3]])
    }
    let gone = FloatConv(strides: [1], dilations: [1], pads: [4, 4], groups: 1)
    #expect(throws: FloatGraphError(node: "node", .illegalShape([1, 3, -1]))) { try shape(.convTranspose(gone), [[1, 2, 5], [3, 2, 3]]) }
  }

  @Test func poolsAndMeans() throws {
    let window = FloatWindow(kernel: [3, 2], strides: [2, 2], pads: [1, 0, 1, 0])
    #expect(try shape(.maxPool(window), [[1, 5, 7, 8]]) == [1, 5, 4, 4])
    #expect(try shape(.averagePool(window, countIncludePad: true), [[1, 5, 7, 8]]) == [1, 5, 4, 4])
    #expect(try shape(.globalAveragePool, [[1, 5, 7, 8]]) == [1, 5, 1, 1])
  }

  @Test func elementwise() throws {
    #expect(try shape(.binary(.add), [[2, 1, 3], [4, 1]]) == [2, 4, 3])
    #expect(try shape(.unary(.relu), [[2, 3]]) == [2, 3])
    #expect(try shape(.softmax(axis: 1), [[2, 3]]) == [2, 3])
    #expect(try shape(.batchNormalization(epsilon: 0), [[1, 3, 4], [3], [3], [3], [3]]) == [1, 3, 4])
    #expect(try shape(.dense, [[2, 5, 7], [4, 7], [4]]) == [2, 5, 4])
  }

  @Test func layout() throws {
    #expect(try shape(.reshape, [[2, 6]], declared: [3, 4]) == [3, 4])
    #expect(try shape(.transpose(permutation: [2, 0, 1]), [[2, 3, 4]]) == [4, 2, 3])
    #expect(try shape(.pad(before: [0, 1], after: [2, 3], value: 0), [[2, 3]]) == [4, 7])
    #expect(try shape(.slice(begin: [1, 0], step: [1, 2]), [[2, 5]], declared: [1, 3]) == [1, 3])
    #expect(try shape(.concat(axis: 1), [[2, 3], [2, 1], [2, 4]]) == [2, 8])
  }

  struct Bad: CustomTestStringConvertible {
    var operation: FloatOperation
    var operands: [[Int]]
    var declared: [Int]?
    var reason: FloatGraphError.Reason

    init(_ operation: FloatOperation, _ operands: [[Int]], declared: [Int]? = nil, _ reason: FloatGraphError.Reason) {
      (self.operation, self.operands, self.declared, self.reason) = (operation, operands, declared, reason)
    }
    var testDescription: String { "\(reason)" }
  }

  static let badOperands: [Bad] = [
    Bad(.unary(.relu), [[1], [1]], .operandCount(2, allowed: 1...1)),
    Bad(.conv(unit), [[1, 3], [3, 3, 1, 1]], .operandRank(operand: 0, shape: [1, 3], allowed: 3...4)),
    Bad(.conv(unit), [[1, 3, 5, 5], [3, 3, 1]], .operandRank(operand: 1, shape: [3, 3, 1], allowed: 4...4)),
    Bad(.conv(unit), [[1, 3, 5, 5], [4, 2, 1, 1]], .operandShape(operand: 1, shape: [4, 2, 1, 1], expected: [4, 3, 1, 1])),
    Bad(.conv(unit), [[1, 3, 5, 5], [4, 3, 1, 1], [3]], .operandShape(operand: 2, shape: [3], expected: [4])),
    Bad(.conv(unit), [[1, 3, 5, 5], [4, 3, 1, 6]], .kernelExceedsInput(axis: 3, kernel: 6, input: 5)),
    Bad(.dense, [[1, 3], [4, 2]], .operandShape(operand: 1, shape: [4, 2], expected: [4, 3])),
    Bad(.binary(.add), [[2, 3], [2]], .notBroadcastable([2, 3], [2])),
    Bad(.globalAveragePool, [[2, 3]], .operandRank(operand: 0, shape: [2, 3], allowed: 3...8)),
    Bad(.concat(axis: 0), [[2, 3], [2, 4]], .operandShape(operand: 1, shape: [2, 4], expected: [2, 3])),
    Bad(.reshape, [[2, 3]], .missingOutputShape),
    Bad(.reshape, [[2, 3]], declared: [7], .elementCount(6, shape: [7])),
    Bad(.unary(.relu), [[2, 3]], declared: [3, 2], .outputShape([3, 2], expected: [2, 3])),
    Bad(.slice(begin: [0], step: [1]), [[3]], declared: [1, 1], .outputShape([1, 1], expected: [3])),
    Bad(.binary(.mul), [[1 << 15, 1], [1 << 15]], .illegalShape([1 << 15, 1 << 15])),
  ]

  static let badAttributes: [Bad] = [
    Bad(
      .conv(FloatConv(strides: [1, 0], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1)), [[1, 3, 5, 5], [4, 3, 1, 1]],
      .attribute("strides", got: "0", allowed: "1...65535")),
    Bad(
      .conv(FloatConv(strides: [1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1)), [[1, 3, 5, 5], [4, 3, 1, 1]],
      .attributeCount("strides", got: 1, expected: 2)),
    Bad(
      .conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, -1], groups: 1)), [[1, 3, 5, 5], [4, 3, 1, 1]],
      .attribute("pads", got: "-1", allowed: "0...65535")),
    Bad(
      .conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 2)), [[1, 3, 5, 5], [4, 3, 1, 1]],
      .attribute("groups", got: "2", allowed: "a divisor of 3 and 4 channels")),
    Bad(
      .maxPool(FloatWindow(kernel: [2, 2], strides: [1, 1], pads: [0, 0, 2, 0])), [[1, 3, 5, 5]],
      .attribute("pads", got: "2", allowed: "0...1")),
    Bad(.softmax(axis: 2), [[2, 3]], .attribute("axis", got: "2", allowed: "0...1")),
    Bad(.concat(axis: -1), [[2, 3]], .attribute("axis", got: "-1", allowed: "0...1")),
    Bad(.transpose(permutation: [0, 0]), [[2, 3]], .attribute("permutation", got: "[0, 0]", allowed: "each axis of [2, 3] once")),
    Bad(.slice(begin: [1], step: [2]), [[4]], declared: [3], .attribute("slice", got: "element 5 of axis 0", allowed: "below 4")),
    Bad(.unary(.clip(lo: 1, hi: 0)), [[1]], .attribute("clip range", got: "1.0...0.0", allowed: "min <= max")),
    Bad(.unary(.leakyRelu(alpha: .infinity)), [[1]], .attribute("alpha", got: "inf", allowed: "finite")),
    Bad(
      .batchNormalization(epsilon: -1), [[1, 1], [1], [1], [1], [1]],
      .attribute("epsilon", got: "-1.0", allowed: "finite, 0 or more")),
  ]

  @Test(arguments: badOperands + badAttributes) func rejects(_ bad: Bad) {
    #expect(throws: FloatGraphError(node: "node", bad.reason)) {
      try shape(bad.operation, bad.operands, declared: bad.declared)
    }
  }
}

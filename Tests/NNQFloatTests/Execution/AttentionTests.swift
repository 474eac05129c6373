import NNQFloat
import TestSupport
import Testing

/// Products of activations, normalisations and reductions.
@Suite struct AttentionTests {
  @Test func matMulBroadcastsLeadingAxes() throws {
    let y = try evaluate(.matMul(scale: 1), [([2, 1, 1, 2], [1, 2, 3, 4]), ([3, 2, 1], [1, 0, 0, 1, 1, 1])])
    #expect(y.shape == [2, 3, 1, 1])
    #expect(y.elements == [1, 2, 3, 3, 4, 7])
  }

  @Test func matMulScalesItsProducts() throws {
    #expect(try evaluate(.matMul(scale: 0.5), [([1, 2], [1, 2]), ([2, 1], [3, 4])]).elements == [5.5])
  }

  @Test(arguments: 0..<20) func matMulIsTheSameOnEveryInstructionSet(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let (heads, rows, depth, columns) = (random.int(1...3), random.int(1...20), random.int(1...40), random.int(1...40))
    let operands = [
      ([1, heads, rows, depth], random.floats(heads * rows * depth)), ([1, 1, depth, columns], random.floats(depth * columns)),
    ]
    let expected = try evaluate(.matMul(scale: 1), operands, isa: availableISAs[0])
    for isa in availableISAs { #expect(try evaluate(.matMul(scale: 1), operands, isa: isa) == expected) }
    let exact = (0..<depth).reduce(0.0) { $0 + Double(operands[0].1[$1]) * Double(operands[1].1[$1 * columns]) }
    #expect(abs(Double(expected.elements[0]) - exact) < 1e-5)
  }

  @Test func layerNormalizationCentersAndScalesRows() throws {
    let norm = FloatLayerNorm(subtractsMean: true, epsilon: 3)
    let y = try evaluate(.layerNormalization(norm), [([1, 2, 2], [0, 2, 7, 5]), ([2], [2, 4]), ([2], [0, 1])])
    #expect(y.elements == [-1, 3, 1, -1])
  }

  @Test func normalizationWithoutMeanDividesByTheRootMeanSquare() throws {
    let norm = FloatLayerNorm(subtractsMean: false, epsilon: 0)
    #expect(try evaluate(.layerNormalization(norm), [([1, 2], [1, 7]), ([2], [5, 5]), ([2], [0, 0])]).elements == [1, 7])
  }

  @Test func reductionsKeepTheAxes() throws {
    let x: (shape: [Int], elements: [Float]) = ([1, 2, 3], [1, 2, 3, 4, 5, 9])
    func reduce(_ reduction: FloatReduction, _ axes: [Int]) throws -> FloatTensor { try evaluate(.reduce(reduction, axes: axes), [x]) }
    #expect(try reduce(.sum, [2]) == FloatTensor(shape: [1, 2, 1], elements: [6, 18]))
    #expect(try reduce(.mean, [1]) == FloatTensor(shape: [1, 1, 3], elements: [2.5, 3.5, 6]))
    #expect(try reduce(.max, [1, 2]) == FloatTensor(shape: [1, 1, 1], elements: [9]))
    #expect(try reduce(.min, [0]) == FloatTensor(shape: [1, 2, 3], elements: x.elements))
  }

  @Test func areStoredAsAnnexBSays() throws {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 2, 2])
    let vector = try graph.addConstant(name: "v", shape: [2], values: [1, 2])
    let operations: [(FloatOperation, [Int])] = [
      (.matMul(scale: 1), [x, x]), (.layerNormalization(FloatLayerNorm(subtractsMean: true, epsilon: 1e-5)), [x, vector, vector]),
      (.reduce(.max, axes: [1, 2]), [x]),
    ]
    graph.outputs = try operations.enumerated().map { index, node in
      try graph.append(node.0, name: "y\(index)", inputs: node.1, outputName: "y\(index)")
    }
    let file = try graph.modelFile()
    #expect(file.graph.nodes.map(\.opcode) == [70, 71, 72])
    #expect(file.graph.nodes.map(\.attributes) == [[0x3F80_0000], [1, 0x3727_C5AC], [2, 1, 2]])
    #expect(try FloatGraph(file) == graph)
  }

  private func reason(_ operation: FloatOperation, _ shapes: [[Int]]) -> FloatGraphError.Reason? {
    do throws(FloatGraphError) {
      var graph = FloatGraph()
      for (index, shape) in shapes.enumerated() { try graph.addInput(name: "x\(index)", shape: shape) }
      _ = try graph.append(operation, name: "node", inputs: graph.inputs, outputName: "y")
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func refuseOperandsThatDoNotFit() {
    #expect(reason(.matMul(scale: 1), [[2, 3], [2, 3]]) == .operandShape(operand: 1, shape: [2, 3], expected: [3, 3]))
    #expect(reason(.matMul(scale: 1), [[3], [3, 2]]) == .operandRank(operand: 0, shape: [3], allowed: 2...8))
    #expect(reason(.matMul(scale: 1), [[2, 2, 3], [3, 3, 2]]) == .notBroadcastable([2], [3]))
    #expect(reason(.matMul(scale: .nan), [[2, 3], [3, 2]]) == .attribute("scale", got: "nan", allowed: "finite"))
    let norm = FloatLayerNorm(subtractsMean: true, epsilon: -1)
    #expect(reason(.layerNormalization(norm), [[1, 2], [3], [2]]) == .operandShape(operand: 1, shape: [3], expected: [2]))
    #expect(
      reason(.layerNormalization(norm), [[1, 2], [2], [2]]) == .attribute("epsilon", got: "-1.0", allowed: "finite, 0 or more"))
    #expect(reason(.reduce(.sum, axes: [2]), [[1, 2]]) == .attribute("axis", got: "2", allowed: "0...1"))
    #expect(reason(.reduce(.sum, axes: [1, 1]), [[1, 2]]) == .attribute("axes", got: "[1, 1]", allowed: "ascending ones"))
  }
}

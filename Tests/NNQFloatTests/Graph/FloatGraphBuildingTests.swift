import NNQFloat
import Testing

@Suite struct FloatGraphBuildingTests {
  @Test func infersTheShapeOfEachAppendedNode() throws {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 3, 8, 6])
    let weights = try graph.addConstant(name: "w", shape: [4, 3, 3, 3], values: [Float](repeating: 1, count: 108))
    let conv = FloatConv(strides: [2, 1], dilations: [1, 2], pads: [1, 0, 1, 1], groups: 1)
    let y = try graph.append(.conv(conv), name: "conv", inputs: [x, weights], outputName: "y")
    let z = try graph.append(.reshape, name: "flat", inputs: [y], outputName: "z", outputShape: [1, 48])
    graph.outputs = [z]
    #expect(graph.values[y].shape == [1, 4, 4, 3])
    #expect(graph.nodes.map(\.inputs) == [[x, weights], [y]])
    try graph.validate()
  }

  @Test func rejectsConstantWhoseElementsDoNotFitItsShape() {
    var graph = FloatGraph()
    #expect(throws: FloatGraphError(node: "c", .elementCount(3, shape: [2, 2]))) {
      try graph.addConstant(name: "c", shape: [2, 2], values: [1, 2, 3])
    }
    #expect(graph.values.isEmpty)
  }

  @Test(arguments: [[1, 0], [1, -2], [1 << 29], [1 << 62, 1 << 62], [1, 1, 1, 1, 1, 1, 1, 1, 1]])
  func rejectsIllegalShape(shape: [Int]) {
    var graph = FloatGraph()
    #expect(throws: FloatGraphError(node: "x", .illegalShape(shape))) { try graph.addInput(name: "x", shape: shape) }
  }

  @Test func namesTheNodeOfAnOperandOutOfRange() throws {
    var graph = FloatGraph()
    try graph.addInput(name: "x", shape: [1])
    #expect(throws: FloatGraphError(node: "r", .valueIndex(7, valueCount: 1))) {
      try graph.append(.unary(.relu), name: "r", inputs: [7], outputName: "y")
    }
  }

  @Test func validationRejectsUseBeforeDefinition() throws {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [2])
    let a = try graph.append(.unary(.relu), name: "first", inputs: [x], outputName: "a")
    let b = try graph.append(.unary(.tanh), name: "second", inputs: [a], outputName: "b")
    graph.outputs = [b]
    graph.nodes.reverse()
    #expect(throws: FloatGraphError(node: "second", .undefinedOperand(value: "a"))) { try graph.validate() }
    graph.nodes.removeFirst()
    #expect(throws: FloatGraphError(node: "graph outputs", .undefinedOperand(value: "b"))) { try graph.validate() }
  }

  @Test func validationRejectsASecondDefinition() throws {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [2])
    let a = try graph.append(.unary(.relu), name: "first", inputs: [x], outputName: "a")
    graph.nodes.append(FloatNode(name: "second", .unary(.tanh), inputs: [x], outputs: [a]))
    #expect(throws: FloatGraphError(node: "second", .definedTwice(value: "a"))) { try graph.validate() }
  }
}

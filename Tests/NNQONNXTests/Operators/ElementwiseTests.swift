import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ElementwiseTests {
  @Test(arguments: [("Add", FloatBinary.add), ("Sum", .add), ("Sub", .sub), ("Mul", .mul), ("Div", .div)])
  func takesArithmeticWithConstantOnEitherSide(opType: String, operation: FloatBinary) throws {
    for inputs in [["x", "c"], ["c", "x"]] {
      let graph = try graph(TestNode(opType, inputs), x: [1, 2, 3, 3], [.counting("c", [2, 1, 1])])
      #expect(graph.operations == [.binary(operation)])
      #expect(graph.nodes[0].inputs.map { graph.values[$0].name } == inputs)
      #expect(graph.outputShapes == [[1, 2, 3, 3]])
    }
  }

  @Test(arguments: [
    (TestNode("Relu", ["x"]), FloatUnary.relu), (TestNode("Sigmoid", ["x"]), .sigmoid), (TestNode("Tanh", ["x"]), .tanh),
    (TestNode("HardSwish", ["x"]), .hardSwish), (TestNode("HardSigmoid", ["x"]), .hardSigmoid(alpha: 0.2, beta: 0.5)),
    (TestNode("HardSigmoid", ["x"], ["y"], ["alpha": 0.25, "beta": 0.75]), .hardSigmoid(alpha: 0.25, beta: 0.75)),
    (TestNode("LeakyRelu", ["x"]), .leakyRelu(alpha: 0.01)),
    (TestNode("LeakyRelu", ["x"], ["y"], ["alpha": 0.5]), .leakyRelu(alpha: 0.5)),
  ])
  func takesFunctions(node: TestNode, function: FloatUnary) throws {
    #expect(try graph(node, x: [1, 4]).operations == [.unary(function)])
  }

  @Test func takesClipBoundsAsAttributesOrOperands() throws {
    let (lowest, highest) = (-Float.greatestFiniteMagnitude, Float.greatestFiniteMagnitude)
    let bounds: [TestTensor] = [.floats("lo", [], [0]), .floats("hi", [1], [6])]
    func clip(_ inputs: [String], _ attributes: [String: TestAttribute] = [:], opset: Int64 = 13) throws -> [FloatOperation] {
      try graph(TestNode("Clip", inputs, ["y"], attributes), x: [1, 4], bounds, opset: opset).operations
    }
    #expect(try clip(["x", "lo", "hi"]) == [.unary(.clip(lo: 0, hi: 6))])
    #expect(try clip(["x", "", "hi"]) == [.unary(.clip(lo: lowest, hi: 6))])
    #expect(try clip(["x", "lo"]) == [.unary(.clip(lo: 0, hi: highest))])
    #expect(try clip(["x"]) == [.unary(.clip(lo: lowest, hi: highest))])
    #expect(try clip(["x"], ["max": 1.0, "min": -1.0], opset: 10) == [.unary(.clip(lo: -1, hi: 1))])
    #expect(try clip(["x"], ["max": 1.0], opset: 10) == [.unary(.clip(lo: lowest, hi: 1))])
  }

  @Test func refusesClipBoundsThatAreNoScalars() {
    let expected = Refusal(.invalidOperand, at: Place("Clip", "node"), "operand 1 has 2 elements, expected 1")
    #expect(refusals(TestNode("Clip", ["x", "lo"]), x: [1, 2], [.counting("lo", [2])]) == [expected])
  }

  @Test func refusesIntegersBesideFloats() {
    let expected = Refusal(.invalidOperand, at: Place("Add", "node"), "operand 1 holds integers, expected floats")
    #expect(refusals(TestNode("Add", ["x", "c"]), x: [1, 2], [.integers("c", [1, 2])]) == [expected])
  }

  @Test func refusesMissingOperand() {
    let expected = Refusal(.missingOperand, at: Place("Add", "node"), "operand 1 is missing")
    #expect(refusals(TestNode("Add", ["x"]), x: [1, 2]) == [expected])
  }

  @Test func refusesShapesThatDoNotBroadcast() {
    let expected = Refusal(.invalidShape, at: Place("Add", "node"), "shapes [1, 2] and [3] do not broadcast")
    #expect(refusals(TestNode("Add", ["x", "c"]), x: [1, 2], [.counting("c", [3])]) == [expected])
  }
}

import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ElementwiseTests {
  @Test(arguments: [("Add", FloatBinary.add), ("Sum", .add), ("Sub", .sub), ("Mul", .mul), ("Div", .div), ("Pow", .pow), ("PRelu", .prelu)])
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
    (TestNode("Elu", ["x"]), .elu(alpha: 1)), (TestNode("Elu", ["x"], ["y"], ["alpha": 0.5]), .elu(alpha: 0.5)),
    (TestNode("Selu", ["x"]), .selu(alpha: 1.6732632, gamma: 1.050701)),
    (TestNode("Selu", ["x"], ["y"], ["alpha": 2.0, "gamma": 3.0]), .selu(alpha: 2, gamma: 3)),
    (TestNode("Celu", ["x"]), .celu(alpha: 1)), (TestNode("Celu", ["x"], ["y"], ["alpha": 0.5]), .celu(alpha: 0.5)),
    (TestNode("ThresholdedRelu", ["x"]), .thresholdedRelu(alpha: 1)),
    (TestNode("ThresholdedRelu", ["x"], ["y"], ["alpha": 0.5]), .thresholdedRelu(alpha: 0.5)),
    (TestNode("Shrink", ["x"]), .shrink(bias: 0, lambda: 0.5)),
    (TestNode("Shrink", ["x"], ["y"], ["bias": 1.5, "lambd": 1.0]), .shrink(bias: 1.5, lambda: 1)),
    (TestNode("Swish", ["x"]), .swish(alpha: 1)), (TestNode("Swish", ["x"], ["y"], ["alpha": 2.0]), .swish(alpha: 2)),
    (TestNode("Gelu", ["x"]), .function(.gelu)), (TestNode("Gelu", ["x"], ["y"], ["approximate": "none"]), .function(.gelu)),
    (TestNode("Gelu", ["x"], ["y"], ["approximate": "tanh"]), .function(.geluTanh)),
  ])
  func takesFunctions(node: TestNode, function: FloatUnary) throws {
    #expect(try graph(node, x: [1, 4]).operations == [.unary(function)])
  }

  /// Gelu has an attribute; the others are called as in the float graph.
  @Test(arguments: FloatFunction.allCases.filter { ![.gelu, .geluTanh].contains($0) })
  func takesFunctionsWithoutAttributes(function: FloatFunction) throws {
    let name = "\(function)"
    let node = TestNode(name.prefix(1).uppercased() + name.dropFirst(), ["x"])
    #expect(try graph(node, x: [1, 4]).operations == [.unary(.function(function))])
  }

  @Test func foldsFunctionsOfConstants() throws {
    #expect(try folded(TestNode("Sqrt", ["c"]), [.floats([4, 9])]) == .floats([2, 3]))
    #expect(try folded(TestNode("Relu", ["c"]), [.floats([-1, 2])]) == .floats([0, 2]))
    let error = Refusal(.invalidOperand, at: Place("Exp", "node"), "operand 0 holds integers, expected floats")
    #expect(throws: error) { try folded(TestNode("Exp", ["c"]), [.integers([1])]) }
  }

  @Test func takesIntegerExponents() throws {
    let graph = try graph(TestNode("Pow", ["x", "c"]), x: [1, 4], [.integers("c", [2])])
    #expect(graph.operations == [.binary(.pow)])
    #expect(graph.constant("c") == [2])
  }

  @Test func refusesOtherApproximationsOfGelu() {
    let expected = Refusal(.invalidAttribute, at: Place("Gelu", "node", attribute: "approximate"), "it is 'sine', not 'none' or 'tanh'")
    #expect(refusals(TestNode("Gelu", ["x"], ["y"], ["approximate": "sine"]), x: [1, 2]) == [expected])
  }

  @Test func crossedClipBoundsGiveTheUpperOne() throws {
    let bounds: [TestTensor] = [.floats("lo", [], [3]), .floats("hi", [], [1])]
    #expect(try graph(TestNode("Clip", ["x", "lo", "hi"]), x: [1, 4], bounds).operations == [.unary(.clip(lo: 1, hi: 1))])
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

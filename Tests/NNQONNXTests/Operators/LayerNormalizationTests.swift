import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct LayerNormalizationTests {
  private func layerNorm(epsilon: Float = 1e-5) -> FloatOperation {
    .layerNormalization(FloatLayerNorm(subtractsMean: true, epsilon: epsilon))
  }

  private func run(_ graph: FloatGraph, _ x: [Float]) throws -> [Float] {
    try FloatExecutor(graph).run(inputs: [x])[0].map { ($0 * 1000).rounded() / 1000 }
  }

  @Test func takesLayerNormalization() throws {
    let operands = [TestTensor.floats("s", [2], [1, 2]), .floats("b", [2], [0, 1])]
    let graph = try graph(TestNode("LayerNormalization", ["x", "s", "b"], ["y"], ["epsilon": 0.0]), x: [1, 2, 2], operands)
    #expect(graph.operations == [layerNorm(epsilon: 0)])
    #expect(try run(graph, [1, 3, 10, 0]) == [-1, 3, 1, -1])
  }

  @Test func flattensSeveralAxes() throws {
    let graph = try graph(TestNode("LayerNormalization", ["x", "s"], ["y"], ["axis": 1]), x: [1, 2, 2], [.floats("s", [2], [1, 2])])
    #expect(graph.operations == [.reshape, layerNorm(), .reshape])
    #expect(graph.constant("s.flat") == [1, 2, 1, 2])
    #expect(graph.constant("y.add") == [0, 0, 0, 0])
    #expect(try run(graph, [1, 3, 1, 3]) == [-1, 2, -1, 2])
  }

  @Test func takesAComputedScaleAndGivesTheStatistics() throws {
    let node = TestNode("LayerNormalization", ["x", "x", "x"], ["y", "mean", "reciprocal"], ["epsilon": 0.0])
    let model = TestModel(nodes: [node], inputs: [TestInput("x", [1, 2])], outputs: ["y", "mean", "reciprocal"])
    #expect(try FloatExecutor(model.imported().graph).run(inputs: [[1, 5]]) == [[0, 10], [3], [0.5]])
  }

  @Test func refusesScalesThatDoNotBroadcast() {
    let expected = Refusal(.invalidShape, at: Place("LayerNormalization", "node"), "shapes 3 and 2 do not broadcast")
    #expect(refusals(TestNode("LayerNormalization", ["x", "s"]), x: [1, 2, 2], [.floats("s", [3], [1, 2, 3])]) == [expected])
  }

  /// Channels [1, 3] and [10, 0] each by themselves.
  @Test func takesInstanceNormalization() throws {
    let operands = [TestTensor.floats("s", [2], [1, 2]), .floats("b", [2], [0, 1])]
    let node = TestNode("InstanceNormalization", ["x", "s", "b"], ["y"], ["epsilon": 0.0])
    let graph = try graph(node, x: [1, 2, 1, 2], operands)
    #expect(graph.operations == [.reshape, layerNorm(epsilon: 0), .reshape, .binary(.mul), .binary(.add)])
    #expect(try run(graph, [1, 3, 10, 0]) == [-1, 1, 3, -1])
  }

  /// Four channels in two groups; two scales are one for each group, four one for each channel.
  @Test(arguments: [2, 4]) func takesGroupNormalization(scaleCount: Int) throws {
    let operands = [
      TestTensor.floats("s", [scaleCount], Array([1, 2, 3, 4].prefix(scaleCount))),
      .floats("b", [scaleCount], Array(repeating: 1, count: scaleCount)),
    ]
    let node = TestNode("GroupNormalization", ["x", "s", "b"], ["y"], ["epsilon": 0.0, "num_groups": 2])
    let graph = try graph(node, x: [1, 4, 1], operands, opset: 21)
    #expect(try run(graph, [1, 3, 10, 0]) == (scaleCount == 2 ? [0, 2, 3, -1] : [0, 3, 4, -3]))
  }

  @Test func refusesScalesThatAreLarger() {
    let reason = "operand 1 has shape [2, 2], the normalized axes [2]"
    let expected = Refusal(.invalidOperand, at: Place("LayerNormalization", "node"), reason)
    #expect(refusals(TestNode("LayerNormalization", ["x", "s"]), x: [1, 2, 2], [.counting("s", [2, 2])]) == [expected])
  }

  @Test func refusesScalesThatGroupsDoNotShare() {
    let operands = [TestTensor.counting("s", [3]), .counting("b", [2])]
    let expected = Refusal(.invalidOperand, at: Place("InstanceNormalization", "node"), "operand 1 has 3 elements for 2 channels")
    #expect(refusals(TestNode("InstanceNormalization", ["x", "s", "b"]), x: [1, 2, 2], operands) == [expected])
  }

  @Test func refusesGroupsWithoutNumber() {
    let place = Place("GroupNormalization", "node", attribute: "num_groups")
    let expected = Refusal(.invalidAttribute, at: place, "it is missing, or less than 1")
    let operands = [TestTensor.counting("s", [4]), .counting("b", [4])]
    for attributes in [[:], ["num_groups": 0]] as [[String: TestAttribute]] {
      #expect(
        refusals(TestNode("GroupNormalization", ["x", "s", "b"], ["y"], attributes), x: [1, 4, 1], operands, opset: 21) == [expected])
    }
  }

  @Test func refusesGroupsThatDoNotDivide() {
    let operands = [TestTensor.floats("s", [2], [1, 2]), .floats("b", [2], [0, 1])]
    let node = TestNode("GroupNormalization", ["x", "s", "b"], ["y"], ["num_groups": 3])
    let expected = Refusal(
      .invalidOperand, at: Place("GroupNormalization", "node"), "shape [1, 4, 1] does not divide into 3 groups of channels")
    #expect(refusals(node, x: [1, 4, 1], operands, opset: 21) == [expected])
  }

  /// Squares 1, 4, 9 over three channels, padded: means 5/3, 14/3, 13/3.
  @Test func takesLocalResponseNormalization() throws {
    let node = TestNode("LRN", ["x"], ["y"], ["alpha": 3.0, "beta": 0.5, "bias": 1.0, "size": 3])
    let graph = try graph(node, x: [1, 3, 1, 1])
    let expected: [Float] = [1 / Float(6).squareRoot(), 2 / Float(15).squareRoot(), 3 / Float(14).squareRoot()]
    #expect(try run(graph, [1, 2, 3]) == expected.map { ($0 * 1000).rounded() / 1000 })
  }

  @Test func takesLpNormalization() throws {
    #expect(try run(graph(TestNode("LpNormalization", ["x"]), x: [1, 2]), [3, 4]) == [0.6, 0.8])
    #expect(try run(graph(TestNode("LpNormalization", ["x"], ["y"], ["p": 1]), x: [1, 2]), [1, -3]) == [0.25, -0.75])
    let expected = Refusal(
      .unsupportedAttribute, at: Place("LpNormalization", "node", attribute: "p"), "3, only 1 and 2 are supported")
    #expect(refusals(TestNode("LpNormalization", ["x"], ["y"], ["p": 3]), x: [1, 2]) == [expected])
  }
}

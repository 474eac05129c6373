import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ConvolutionTests {
  private func conv(
    _ attributes: [String: TestAttribute], x: [Int] = [1, 4, 9, 8], weights: [Int] = [6, 4, 3, 2]
  ) throws -> (FloatConv, output: [Int]) {
    let graph = try graph(TestNode("Conv", ["x", "w"], ["y"], attributes), x: x, [.counting("w", weights)])
    guard case .conv(let conv) = graph.operations.first else { throw Refusal(.unsupportedOperator, at: Place("Conv"), "") }
    return (conv, graph.outputShapes[0])
  }

  private func refused(_ attributes: [String: TestAttribute], weights: [Int] = [6, 4, 3, 2]) -> [Refusal] {
    refusals(TestNode("Conv", ["x", "w"], ["y"], attributes), x: [1, 4, 9, 8], [.counting("w", weights)])
  }

  @Test func takesDefaults() throws {
    let (conv, output) = try conv([:])
    #expect(conv == FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1))
    #expect(output == [1, 6, 7, 7])
  }

  @Test func takesEveryAttribute() throws {
    let attributes: [String: TestAttribute] = [
      "auto_pad": "NOTSET", "dilations": [2, 1], "group": 2, "kernel_shape": [3, 2], "pads": [1, 0, 2, 1], "strides": [2, 3],
    ]
    let (conv, output) = try conv(attributes, weights: [6, 2, 3, 2])
    #expect(conv == FloatConv(strides: [2, 3], dilations: [2, 1], pads: [1, 0, 2, 1], groups: 2))
    #expect(output == [1, 6, 4, 3])
  }

  @Test func takesOneSpatialAxis() throws {
    let (conv, output) = try conv(["pads": [1, 2], "strides": [2]], x: [1, 4, 10], weights: [5, 4, 3])
    #expect(conv == FloatConv(strides: [2], dilations: [1], pads: [1, 2], groups: 1))
    #expect(output == [1, 5, 6])
  }

  @Test func resolvesAutoPad() throws {
    // Height 9, kernel 3, stride 2: output 5, 2 rows of padding. Width 8, kernel 2, stride 1: output 8, 1 column.
    let upper = try conv(["auto_pad": "SAME_UPPER", "strides": [2, 1]])
    #expect(upper.0.pads == [1, 0, 1, 1])
    #expect(upper.output == [1, 6, 5, 8])
    let lower = try conv(["auto_pad": "SAME_LOWER", "strides": [2, 1]])
    #expect(lower.0.pads == [1, 1, 1, 0])
    #expect(try conv(["auto_pad": "VALID", "strides": [2, 1]]).0.pads == [0, 0, 0, 0])
    // The dilated kernel covers 5 rows and the stride passes over it: no negative padding.
    #expect(try conv(["auto_pad": "SAME_UPPER", "dilations": [2, 1], "strides": [1, 4]]).0.pads == [2, 0, 2, 0])
  }

  @Test func takesConstantBias() throws {
    let node = TestNode("Conv", ["x", "w", "b"])
    let graph = try graph(node, x: [1, 1, 3, 3], [.counting("w", [2, 1, 3, 3]), .floats("b", [2], [5, 6])])
    #expect(graph.nodes[0].inputs.map { graph.values[$0].name } == ["x", "w", "b"])
    #expect(graph.constant("b") == [5, 6])
  }

  @Test func refusesAttributesOutOfRange() {
    func invalid(_ attribute: String, _ reason: String) -> [Refusal] {
      [Refusal(.invalidAttribute, at: Place("Conv", "node", attribute: attribute), reason)]
    }
    #expect(refused(["strides": [1, 0]]) == invalid("strides", "0 is not in 1...65535"))
    #expect(refused(["dilations": [1, 65_536]]) == invalid("dilations", "65536 is not in 1...65535"))
    #expect(refused(["pads": [0, -1, 0, 0]]) == invalid("pads", "-1 is not in 0...65535"))
    #expect(refused(["pads": [1, 1]]) == invalid("pads", "it has 2 entries, expected 4"))
    #expect(refused(["kernel_shape": [3, 3]]) == invalid("kernel_shape", "[3, 3] for weights of [3, 2]"))
    #expect(refused(["auto_pad": "SAME"]) == invalid("auto_pad", "'SAME' is not one of NOTSET, VALID, SAME_UPPER, SAME_LOWER"))
    #expect(refused(["strides": 2]) == invalid("strides", "it is not a list of integers"))
    #expect(refused(["group": [2]]) == invalid("group", "it is not an integer"))
  }

  @Test func refusesOperandsThatDoNotFit() {
    let rank = Refusal(.invalidOperand, at: Place("Conv", "node"), "weights have shape [6, 4, 3], the input [1, 4, 9, 8]")
    #expect(refused([:], weights: [6, 4, 3]) == [rank])
    let channels = Refusal(.invalidShape, at: Place("Conv", "node"), "operand 1 has shape [6, 3, 3, 2], expected [6, 4, 3, 2]")
    #expect(refused([:], weights: [6, 3, 3, 2]) == [channels])
    let spatial = Refusal(
      .unsupportedOperand, at: Place("Conv", "node"),
      "the input has shape [1, 1, 2, 2, 2], only one or two spatial axes are supported")
    #expect(refusals(TestNode("Conv", ["x", "w"]), x: [1, 1, 2, 2, 2], [.counting("w", [1, 1, 1, 1, 1])]) == [spatial])
  }

  @Test func refusesEmptyKernelOfHugeExtent() {
    let weights = TestTensor(name: "w", dims: [1, 4, 1 << 30, 0])
    let expected = Refusal(.invalidAttribute, at: Place("Conv", "node", attribute: "kernel_shape"), "1073741824 is not in 1...65535")
    #expect(refusals(TestNode("Conv", ["x", "w"], ["y"], ["auto_pad": "SAME_UPPER"]), x: [1, 4, 9, 8], [weights]) == [expected])
  }

  @Test func refusesComputedWeights() {
    let expected = Refusal(
      .unsupportedOperand, at: Place("Conv", "node"), "operand 1 is computed by the net, only a constant is supported",
      remedy: "simplify the model, or export it with static shapes")
    #expect(refusals(TestNode("Conv", ["x", "x"]), x: [1, 1, 3, 3]) == [expected])
  }
}

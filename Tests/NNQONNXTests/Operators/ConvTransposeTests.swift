import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ConvTransposeTests {
  private func transposed(_ attributes: [String: TestAttribute], x: [Int] = [1, 2, 3, 4], kernel: [Int] = [2, 3, 3, 3]) throws -> FloatGraph
  {
    try graph(TestNode("ConvTranspose", ["x", "w"], ["y"], attributes), x: x, [.counting("w", kernel)])
  }

  private func conv(_ attributes: [String: TestAttribute]) throws -> FloatConv? {
    guard case .convTranspose(let conv) = try transposed(attributes).operations[0] else { return nil }
    return conv
  }

  @Test func storesWeightsLikeAConvolution() throws {
    let graph = try transposed(["group": 2], x: [1, 4, 1], kernel: [4, 1, 2])
    #expect(graph.values.first { $0.shape == [2, 2, 2] }?.constant == [0, 1, 2, 3, 4, 5, 6, 7])
    let whole = try transposed([:], x: [1, 2, 1], kernel: [2, 2, 2])
    #expect(whole.values.first { $0.shape == [2, 2, 2] }?.constant == [0, 1, 4, 5, 2, 3, 6, 7])
  }

  @Test func padsAsTheAttributesSay() throws {
    #expect(try conv(["strides": [2, 2], "pads": [1, 0, 2, 1]])?.pads == [1, 0, 2, 1])
    #expect(try conv(["strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 0]])?.pads == [1, 1, 0, 1])
    #expect(try transposed(["strides": [2, 2], "pads": [1, 1, 1, 1], "output_padding": [1, 1]]).outputShapes == [[1, 3, 6, 8]])
    #expect(try conv(["auto_pad": "VALID"])?.pads == [0, 0, 0, 0])
  }

  @Test func givesTheShapeThatIsAskedFor() throws {
    let shape: [String: TestAttribute] = ["strides": [2, 2], "output_shape": [6, 8]]
    #expect(try transposed(shape).outputShapes == [[1, 3, 6, 8]])
    #expect(try conv(shape)?.pads == [1, 1, 0, 0])
    #expect(try conv(["strides": [2, 2], "auto_pad": "SAME_UPPER"])?.pads == [0, 0, 1, 1])
    #expect(try transposed(["strides": [2, 2], "auto_pad": "SAME_LOWER"]).outputShapes == [[1, 3, 6, 8]])
    #expect(try transposed(["output_shape": [7, 9]]).outputShapes == [[1, 3, 7, 9]], "more than the taps reach")
  }

  @Test func refusesWeightsOfOtherChannels() {
    let node = TestNode("ConvTranspose", ["x", "w"], ["y"], ["group": 3])
    let refused = Refusal(
      .invalidOperand, at: Place("ConvTranspose", "node"), "weights have shape [4, 1, 2], the input [1, 4, 5], with 3 groups")
    #expect(refusals(node, x: [1, 4, 5], [.counting("w", [4, 1, 2])]) == [refused])
  }
}

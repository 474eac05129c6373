import NNQFloat
import Testing

@testable import NNQONNX

/// Resizing by weighted sums along each axis.
@Suite struct WeightedResizingTests {
  /// The weights of an axis of four elements that becomes eight, or two.
  private func weights(_ attributes: [String: TestAttribute], scale: Float) throws -> [[Float]] {
    let node = TestNode("Resize", ["x", "", "s"], ["y"], attributes)
    let graph = try graph(node, x: [1, 1, 4], [.floats("s", [3], [1, 1, scale])], opset: 19)
    #expect(graph.operations == [.dense])
    let rows = try #require(graph.constant("y.weights2"))
    return stride(from: 0, to: rows.count, by: 4).map { Array(rows[$0..<$0 + 4]) }
  }

  private func quotients(_ numerators: [Float], _ denominator: Float) -> [Float] { numerators.map { $0 / denominator } }

  /// Of the element at 0.75, which the cubic convolution gives -9/256, 67/256, 225/256 and -27/256 of those around it.
  @Test func cubicSumsFourElements() throws {
    #expect(try weights(["mode": "cubic"], scale: 2)[2] == quotients([58, 225, -27, 0], 256))
    let inner = try weights(["mode": "cubic", "exclude_outside": 1], scale: 2)[2]
    #expect(inner == quotients([67, 225, -27, 0], 265))
    #expect(try weights(["mode": "cubic", "cubic_coeff_a": -0.5], scale: 2)[4] == quotients([-3, 29, 111, -9], 128))
  }

  /// Two elements of the output at 0.5 and 2.5 each cover four of the input.
  @Test func antialiasingCoversWhatIsLeftOut() throws {
    let linear = try weights(["mode": "linear", "antialias": 1], scale: 0.5)
    #expect(linear == [quotients([4, 3, 1, 0], 8), quotients([0, 1, 3, 4], 8)])
    let excluding = try weights(["mode": "linear", "antialias": 1, "exclude_outside": 1], scale: 0.5)
    #expect(excluding[0] == quotients([3, 3, 1, 0], 7))
  }

  /// Output places 3, 1.5 and 0 along a height of four; -0.5, 0.5 and 1.5 along a width of two.
  @Test func cropsAndExtrapolates() throws {
    let attributes: [String: TestAttribute] = [
      "mode": "linear", "coordinate_transformation_mode": "tf_crop_and_resize", "extrapolation_value": -7.0, "axes": [2, 3],
    ]
    let node = TestNode("Resize", ["x", "region", "", "sizes"], ["y"], attributes)
    let constants: [TestTensor] = [.floats("region", [4], [1, -0.5, 0, 1.5]), .integers("sizes", [3, 3])]
    let graph = try graph(node, x: [1, 1, 4, 2], constants, opset: 19)
    let outputs = try FloatExecutor(graph).run(inputs: [[0, 1, 2, 3, 4, 5, 6, 7]])
    #expect(outputs == [[-7, 6.5, -7, -7, 3.5, -7, -7, 0.5, -7]])
  }

  @Test(arguments: [[1, 3, 4], [1, 4, 2, 3]]) func resizesAnyAxis(shape: [Int]) throws {
    let scales = TestTensor.floats("s", [shape.count], shape.indices.map { $0 == 1 ? 2 : 1 })
    let graph = try graph(TestNode("Resize", ["x", "", "s"]), x: shape, [scales])
    let count = shape.reduce(1, *)
    let x = (0..<count).map { Float($0) }
    let inner = count / shape[1]
    let expected = (0..<shape[1]).flatMap { row in [0, 0].flatMap { _ in x[row * inner..<(row + 1) * inner] } }
    #expect(try FloatExecutor(graph).run(inputs: [x]) == [expected])
  }

  @Test func accountsForWeightsBeforeTheyAreMade() {
    let node = TestNode("Resize", ["x", "", "s"], ["y"], ["mode": "cubic"])
    let refused = refusals(node, x: [1, 1, 60_000], [.floats("s", [3], [1, 1, 200])], opset: 19)
    #expect(refused.map(\.code) == [.tooLarge])
  }
}

import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct PoolingTests {
  private func pool(_ opType: String, _ attributes: [String: TestAttribute], x: [Int] = [1, 2, 7, 8]) throws -> FloatGraph {
    try graph(TestNode(opType, ["x"], ["y"], attributes), x: x)
  }

  private func refused(_ opType: String, _ attributes: [String: TestAttribute], x: [Int] = [1, 2, 7, 8]) -> [Refusal] {
    refusals(TestNode(opType, ["x"], ["y"], attributes), x: x)
  }

  private func place(_ opType: String, _ attribute: String? = nil) -> Place { Place(opType, "node", attribute: attribute) }

  @Test func takesMaxPool() throws {
    let attributes: [String: TestAttribute] = [
      "dilations": [1, 1], "kernel_shape": [3, 2], "pads": [1, 0, 1, 1], "storage_order": 0, "strides": [2, 2],
    ]
    let graph = try pool("MaxPool", attributes)
    #expect(graph.operations == [.maxPool(FloatWindow(kernel: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1]))])
    #expect(graph.outputShapes == [[1, 2, 4, 4]])
  }

  @Test func takesAveragePoolWithAutoPad() throws {
    let graph = try pool("AveragePool", ["auto_pad": "SAME_LOWER", "count_include_pad": 1, "kernel_shape": [2, 2]])
    let window = FloatWindow(kernel: [2, 2], strides: [1, 1], pads: [1, 1, 0, 0])
    #expect(graph.operations == [.averagePool(window, countIncludePad: true)])
    #expect(graph.outputShapes == [[1, 2, 7, 8]])
  }

  @Test func roundsUpByPaddingTheEnd() throws {
    // Height 7: windows at 0, 2, 4 and a partial one at 6. Width 8: windows at 0, 3 and a partial one at 6.
    let attributes: [String: TestAttribute] = ["ceil_mode": 1, "kernel_shape": [2, 3], "strides": [2, 3]]
    let graph = try pool("MaxPool", attributes)
    #expect(graph.operations == [.maxPool(FloatWindow(kernel: [2, 3], strides: [2, 3], pads: [0, 0, 1, 1]))])
    #expect(graph.outputShapes == [[1, 2, 4, 3]])
    let average = try pool("AveragePool", attributes)
    #expect(
      average.operations == [.averagePool(FloatWindow(kernel: [2, 3], strides: [2, 3], pads: [0, 0, 1, 1]), countIncludePad: false)])
  }

  @Test func leavesOutWindowThatStartsInPadding() throws {
    // Width 4 and a column of padding at each end: the window at 5 would hold padding alone.
    let attributes: [String: TestAttribute] = ["ceil_mode": 1, "kernel_shape": [2], "pads": [1, 1], "strides": [5]]
    let graph = try pool("MaxPool", attributes, x: [1, 2, 4])
    #expect(graph.operations == [.maxPool(FloatWindow(kernel: [2], strides: [5], pads: [1, 1]))])
    #expect(graph.outputShapes == [[1, 2, 1]])
  }

  @Test func refusesRoundingUpThatCountsPadding() {
    let attributes: [String: TestAttribute] = ["ceil_mode": 1, "count_include_pad": 1, "kernel_shape": [2, 2], "strides": [2, 2]]
    let expected = Refusal(
      .unsupportedAttribute, at: place("AveragePool", "ceil_mode"), "it adds windows that count padding (count_include_pad)",
      remedy: "export with ceil_mode or count_include_pad off")
    #expect(refused("AveragePool", attributes) == [expected])
    // Nothing to round: allowed.
    #expect(refused("AveragePool", attributes, x: [1, 2, 8, 8]) == [])
  }

  @Test func refusesDilatedPools() {
    let expected = Refusal(.unsupportedAttribute, at: place("MaxPool", "dilations"), "[2, 1], only 1 is supported for pools")
    #expect(refused("MaxPool", ["dilations": [2, 1], "kernel_shape": [2, 2]]) == [expected])
  }

  @Test func refusesPoolWithoutKernel() {
    #expect(refused("MaxPool", [:]) == [Refusal(.invalidAttribute, at: place("MaxPool", "kernel_shape"), "it is missing")])
  }

  @Test func takesGlobalAveragePool() throws {
    let graph = try pool("GlobalAveragePool", [:])
    #expect(graph.operations == [.globalAveragePool])
    #expect(graph.outputShapes == [[1, 2, 1, 1]])
  }

  @Test func takesMeanOverSpatialAxesAsGlobalAveragePool() throws {
    #expect(try pool("ReduceMean", ["axes": [2, 3]]).operations == [.globalAveragePool])
    let graph = try pool("ReduceMean", ["axes": [-1, -2], "keepdims": 0])
    #expect(graph.operations == [.globalAveragePool, .reshape])
    #expect(graph.outputShapes == [[1, 2]])
    #expect(graph.values.map(\.name) == ["x", "y.mean", "y"])
    let operand = try NNQONNXTests.graph(TestNode("ReduceMean", ["x", "axes"]), x: [1, 2, 7, 8], [.integers("axes", [2, 3])], opset: 18)
    #expect(operand.operations == [.globalAveragePool])
  }

  @Test func takesGlobalMaxPool() throws {
    let graph = try pool("GlobalMaxPool", [:])
    #expect(graph.operations == [.reduce(.max, axes: [2, 3])])
    #expect(graph.outputShapes == [[1, 2, 1, 1]])
  }
}

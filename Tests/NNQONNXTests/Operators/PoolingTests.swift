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

  /// Windows at -1, 1 and, added by ceil_mode, 3, whose second column does not count.
  @Test func countsPaddingButNotWhatRoundingUpAdds() throws {
    let attributes: [String: TestAttribute] = [
      "ceil_mode": 1, "count_include_pad": 1, "kernel_shape": [2], "pads": [1, 0], "strides": [2],
    ]
    let graph = try pool("AveragePool", attributes, x: [1, 1, 4])
    #expect(graph.operations.map(\.name) == ["conv", "mul"])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 3, 5, 8]]) == [[0.5, 4, 8]])
    // Nothing to round.
    #expect(try pool("AveragePool", attributes, x: [1, 1, 5]).operations.map(\.name) == ["averagePool"])
  }

  @Test func averagesDilatedWindows() throws {
    let attributes: [String: TestAttribute] = ["dilations": [2], "kernel_shape": [2]]
    let graph = try pool("AveragePool", attributes, x: [1, 2, 4])
    #expect(graph.operations.map(\.name) == ["conv"])
    #expect(try FloatExecutor(graph).run(inputs: [[1, 2, 3, 4, 5, 6, 7, 8]]) == [[2, 3, 6, 7]])
    let padded = try pool("AveragePool", attributes.merging(["pads": [1, 0]]) { $1 }, x: [1, 1, 4])
    #expect(try FloatExecutor(padded).run(inputs: [[1, 2, 3, 4]]) == [[2, 2, 3]])
  }

  @Test func takesLargestOfDilatedWindows() throws {
    let attributes: [String: TestAttribute] = ["dilations": [2, 1], "kernel_shape": [2, 2], "pads": [1, 0, 0, 1]]
    let graph = try pool("MaxPool", attributes, x: [1, 1, 3, 2])
    #expect(graph.outputShapes == [[1, 1, 2, 2]])
    #expect(try FloatExecutor(graph).run(inputs: [[9, 2, 3, -4, 5, 6]]) == [[3, -4, 9, 6]])
  }

  @Test func refusesDilatedWindowsOfPaddingAlone() {
    let expected = Refusal(
      .invalidShape, at: place("MaxPool"), "a window along axis 2 holds padding alone, or exceeds it")
    #expect(refused("MaxPool", ["dilations": [3], "kernel_shape": [2], "pads": [2, 2]], x: [1, 1, 1]) == [expected])
    #expect(refused("MaxPool", ["dilations": [9], "kernel_shape": [2]], x: [1, 1, 4]) == [expected])
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

import NNQFloat
import Testing

@Suite struct SamplingTests {
  private func evaluate(
    _ operation: FloatOperation, _ x: [Float], _ shape: [Int], _ constants: [(shape: [Int], elements: [Float])]
  ) throws -> FloatTensor {
    var graph = FloatGraph()
    try graph.addInput(name: "x", shape: shape)
    var operands = graph.inputs
    for (index, constant) in constants.enumerated() {
      operands.append(try graph.addConstant(name: "c\(index)", shape: constant.shape, values: constant.elements))
    }
    let y = try graph.append(operation, name: "node", inputs: operands, outputName: "y")
    graph.outputs = [y]
    return FloatTensor(shape: graph.values[y].shape, elements: try FloatExecutor(graph).run(inputs: [x])[0])
  }

  private func reason(_ body: () throws -> FloatTensor) -> FloatGraphError.Reason? {
    do { _ = try body() } catch { return (error as? FloatGraphError)?.reason }
    return nil
  }

  @Test func takeGathersAlongAnAxis() throws {
    let rows = try evaluate(.take(axis: 1), [1, 2, 3, 4, 5, 6], [1, 3, 2], [([4], [2, 0, 0, 1])])
    #expect(rows == FloatTensor(shape: [1, 4, 2], elements: [5, 6, 1, 2, 1, 2, 3, 4]))
    let columns = try evaluate(.take(axis: 2), [1, 2, 3, 4, 5, 6], [1, 3, 2], [([1], [1])])
    #expect(columns == FloatTensor(shape: [1, 3, 1], elements: [2, 4, 6]))
  }

  @Test func takeNamesElementsOfTheAxis() {
    func taken(_ index: Float) -> FloatGraphError.Reason? { reason { try evaluate(.take(axis: 1), [1, 2], [1, 2], [([1], [index])]) } }
    for (index, text) in [(2, "2.0"), (-1, "-1.0"), (0.5, "0.5"), (.nan, "nan")] as [(Float, String)] {
      #expect(taken(index) == .attribute("place", got: "\(text) along axis 1", allowed: "whole numbers in 0...1"))
    }
  }

  @Test func placesAreConstant() throws {
    var graph = FloatGraph()
    for name in ["x", "i"] { try graph.addInput(name: name, shape: [2]) }
    let expected = FloatGraphError(node: "n", .attribute("operand 1", got: "an activation", allowed: "a constant"))
    #expect(throws: expected) { try graph.append(.take(axis: 0), name: "n", inputs: [0, 1], outputName: "y") }
  }

  @Test func resizeIsLinearBetweenNeighbours() throws {
    let plane = try evaluate(.resize, [0, 1, 2, 3], [1, 1, 2, 2], [([3], [0, 0.25, 1]), ([2], [0.5, 1])])
    #expect(plane == FloatTensor(shape: [1, 1, 3, 2], elements: [0.5, 1, 1, 1.5, 2.5, 3]))
    let line = try evaluate(.resize, [0, 4, 8, 1, 2, 3], [1, 2, 3], [([2], [0.75, 2])])
    #expect(line == FloatTensor(shape: [1, 2, 2], elements: [3, 8, 1.75, 3]))
    let outside = reason { try evaluate(.resize, [0, 4], [1, 1, 2], [([1], [1.5])]) }
    #expect(outside == .attribute("place", got: "1.5 along axis 2", allowed: "0...1"))
  }

  /// Every input element adds the kernel, weighted, at its place.
  @Test func transposedConvolutionSpreadsElements() throws {
    let conv = FloatConv(strides: [2, 1], dilations: [1, 2], pads: [0, 0, 0, 0], groups: 1)
    let y = try evaluate(.convTranspose(conv), [1, 10], [1, 1, 2, 1], [([1, 1, 2, 2], [1, 2, 3, 4]), ([1], [0.5])])
    #expect(y == FloatTensor(shape: [1, 1, 4, 3], elements: [1.5, 0.5, 2.5, 3.5, 0.5, 4.5, 10.5, 0.5, 20.5, 30.5, 0.5, 40.5]))
  }

  @Test func paddingTakesAwayAndAddsAtTheEnd() throws {
    let conv = FloatConv(strides: [3], dilations: [1], pads: [1, -1], groups: 1)
    let y = try evaluate(.convTranspose(conv), [1, 10], [1, 1, 2], [([1, 1, 2], [1, 2])])
    #expect(y == FloatTensor(shape: [1, 1, 5], elements: [2, 0, 10, 20, 0]))
  }

  @Test func groupsHaveChannelsOfTheirOwn() throws {
    let conv = FloatConv(strides: [1], dilations: [1], pads: [0, 0], groups: 2)
    let y = try evaluate(.convTranspose(conv), [1, 2], [1, 2, 1], [([4, 1, 1], [1, 2, 3, 4])])
    #expect(y == FloatTensor(shape: [1, 4, 1], elements: [1, 2, 6, 8]))
  }
}

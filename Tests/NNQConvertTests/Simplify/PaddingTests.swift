import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct PaddingTests {
  private func simplified(
    before: [Int], after: [Int], value: Float = 0, kernel: Int, dilation: Int = 1, pad: Int = 0
  ) throws -> (graph: FloatGraph, source: FloatGraph) {
    var net = TestNet()
    let padded = try net.append(.pad(before: before, after: after, value: value), net.input([1, 2, 5, 6]))
    let source = try net.finish(net.conv(padded, 3, kernel: kernel, dilation: dilation, pad: pad))
    var graph = source
    _ = graph.simplify()
    return (graph, source)
  }

  @Test func joinsThePaddingOfTheConvolution() throws {
    let (graph, source) = try simplified(before: [0, 0, 1, 0], after: [0, 0, 0, 1], kernel: 3, pad: 1)
    #expect(graph.nodes.map(\.operation) == [.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [2, 1, 1, 2], groups: 1))])
    #expect(try graph.largestDifference(from: source) == 0)
  }

  @Test func mayBeAsWideAsTheDilatedKernelAllows() throws {
    let (graph, source) = try simplified(before: [0, 0, 4, 4], after: [0, 0, 4, 4], kernel: 3, dilation: 2)
    #expect(graph.words == ["conv"])
    #expect(try graph.largestDifference(from: source) == 0)
  }

  @Test func staysWhereTheKernelDoesNotCoverIt() throws {
    #expect(try simplified(before: [0, 0, 1, 1], after: [0, 0, 1, 1], kernel: 1).graph.words == ["pad", "conv"])
    #expect(try simplified(before: [0, 0, 2, 0], after: [0, 0, 0, 0], kernel: 3, pad: 1).graph.words == ["pad", "conv"])
  }

  @Test func staysWhenItIsNotZeroOrNotSpatial() throws {
    #expect(try simplified(before: [0, 0, 1, 1], after: [0, 0, 1, 1], value: 1, kernel: 3).graph.words == ["pad", "conv"])
    #expect(try simplified(before: [0, 1, 1, 1], after: [0, 0, 1, 1], kernel: 3).graph.words == ["pad", "conv"])
  }
}

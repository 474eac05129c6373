import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct ChannelArithmeticTests {
  static let operations: [FloatBinary] = [.add, .sub, .mul, .div]

  /// A conv or dense layer and an operation with a constant, after and before simplification.
  private func simplified(
    _ operation: FloatBinary, constant shape: [Int], isFirst: Bool = false, ofDense isDense: Bool = false
  ) throws -> (graph: FloatGraph, source: FloatGraph) {
    var net = TestNet()
    let value = isDense ? try net.dense(net.input([1, 4]), 3) : try net.conv(net.input([1, 2, 4, 5]), 3, kernel: 2)
    let count = shape.reduce(1, *)
    let constant = try net.constant(shape, (0..<count).map { 0.5 + Float($0) })
    let source = try net.finish(isFirst ? net.append(.binary(operation), constant, value) : net.append(.binary(operation), value, constant))
    var graph = source
    _ = graph.simplify()
    return (graph, source)
  }

  @Test(arguments: operations, [[1, 3, 1, 1], [3, 1, 1], [1], []])
  func foldsAConstantForEachChannelOrForAll(operation: FloatBinary, shape: [Int]) throws {
    let (graph, source) = try simplified(operation, constant: shape)
    #expect(graph.words == ["conv"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test(arguments: operations, [[3], [1, 3], [1]])
  func foldsIntoDenseLayers(operation: FloatBinary, shape: [Int]) throws {
    let (graph, source) = try simplified(operation, constant: shape, ofDense: true)
    #expect(graph.words == ["dense"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test(arguments: operations) func foldsAConstantInFrontUnlessItIsDivided(operation: FloatBinary) throws {
    let (graph, source) = try simplified(operation, constant: [1, 3, 1, 1], isFirst: true)
    #expect(graph.words == (operation == .div ? ["conv", "unary", "binary"] : ["conv"]))
    #expect(try graph.largestDifference(from: source) < 1e-4)
  }

  /// A net that normalises its own input.
  @Test(arguments: operations) func ofAPictureBecomesADepthwiseConvolution(operation: FloatBinary) throws {
    var net = TestNet()
    let source = try net.finish(net.append(.binary(operation), net.input([1, 3, 4, 5]), net.constant([1, 3, 1, 1], [0.5, 2, 3])))
    var graph = source
    #expect(graph.simplify() == ["binary0: arithmetic with a constant made a 1x1 depthwise convolution"])
    #expect(graph.nodes.map(\.operation) == [.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 3))])
    #expect(try graph.largestDifference(from: source) < 1e-6)
  }

  @Test func withOneConstantForAllStaysATable() throws {
    var net = TestNet()
    let source = try net.finish(net.append(.binary(.mul), net.input([1, 3, 4, 5]), net.constant([1], [2])))
    var graph = source
    #expect(graph.simplify() == [])
  }

  /// One number for each column, for each pixel, and constants that add an axis.
  @Test(arguments: [[4], [1, 1, 3, 4], [3, 3, 4], [1, 1, 3, 1, 1], [1, 1, 1, 1, 1]])
  func keepsOtherConstants(shape: [Int]) throws {
    let (graph, source) = try simplified(.add, constant: shape)
    #expect(graph == source)
  }

  @Test func keepsAConstantThatAddsAnAxisToADenseLayer() throws {
    let (graph, source) = try simplified(.mul, constant: [1, 1, 3], ofDense: true)
    #expect(graph == source)
  }
}

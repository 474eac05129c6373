import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct BatchNormalizationTests {
  @Test(arguments: [(1, true), (1, false), (2, true), (4, false)])
  func foldsIntoTheConvolutionBeforeIt(groups: Int, hasBias: Bool) throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 4, 5, 5]), 8, kernel: 3, pad: 1, groups: groups, hasBias: hasBias)
    let source = try net.finish(net.batchNormalization(conv))
    var graph = source
    #expect(graph.simplify() == ["batchNormalization1: BatchNormalization folded into conv0"])
    #expect(graph.words == ["conv"])
    #expect(graph.values[graph.outputs[0]].name == "batchNormalization1")
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func foldsIntoTheDenseLayerBeforeIt() throws {
    var net = TestNet()
    let dense = try net.dense(net.input([1, 6]), 5)
    let source = try net.finish(net.batchNormalization(dense))
    var graph = source
    _ = graph.simplify()
    #expect(graph.words == ["dense"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func severalInARowFoldOneAfterTheOther() throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 2, 4, 4]), 3)
    let shifted = try net.add(net.batchNormalization(conv), net.constant([1, 3, 1, 1]))
    let source = try net.finish(net.batchNormalization(shifted))
    var graph = source
    _ = graph.simplify()
    #expect(graph.words == ["conv"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func aloneBecomesADepthwiseConvolution() throws {
    var net = TestNet()
    let source = try net.finish(net.batchNormalization(net.input([1, 3, 4, 4])))
    var graph = source
    _ = graph.simplify()
    let conv = FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 3)
    #expect(graph.nodes.map(\.operation) == [.conv(conv)])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func leavesAConvolutionThatOthersReadAsItIs() throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 3, 4, 4]), 3)
    let source = try net.finish(net.batchNormalization(conv), conv)
    var graph = source
    _ = graph.simplify()
    #expect(graph.words == ["conv", "conv"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func doesNotFoldIntoADenseLayerWithOtherChannels() throws {
    // Channels of a BatchNormalization are axis 1, those of a dense layer the last.
    var net = TestNet()
    let dense = try net.dense(net.input([1, 2, 4]), 6)
    let source = try net.finish(net.batchNormalization(dense))
    var graph = source
    #expect(graph.simplify() == [])
    #expect(graph == source)
  }

  @Test func layersThatShareWeightsGetTheirOwn() throws {
    var net = TestNet()
    let x = try net.input([1, 3, 4, 4])
    let weights = try net.constant([3, 3, 1, 1])
    let operation = FloatOperation.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1))
    let first = try net.batchNormalization(net.append(operation, x, weights))
    let second = try net.batchNormalization(net.append(operation, first, weights))
    let source = try net.finish(net.append(operation, second, weights))
    var graph = source
    _ = graph.simplify()
    #expect(graph.words == ["conv", "conv", "conv"])
    #expect(try graph.largestDifference(from: source) < 1e-4)
    // Names in a file are unique.
    #expect(try FloatGraph(graph.modelFile()).values == graph.values)
  }
}

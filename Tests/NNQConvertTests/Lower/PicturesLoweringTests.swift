import NNQFloat
import NNQGraph
import Testing

@testable import NNQConvert

/// Values with one spatial axis are pictures of one row.
@Suite struct PicturesLoweringTests {
  private func converted(_ build: (inout TestNet) throws -> Int) throws -> Graph {
    var net = TestNet(seed: 5)
    let graph = try net.finish(build(&net))
    var options = ConvertOptions()
    options.calibrator = .minmax
    let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
    #expect(try #require(conversion.report.agreement).sqnrDecibels > 28)
    return try Graph(conversion.file)
  }

  @Test func linesAreConvolvedAndPooled() throws {
    let graph = try converted { net in
      let conv = FloatConv(strides: [2], dilations: [1], pads: [1, 2], groups: 1)
      let x = try net.append(.conv(conv), net.input([1, 3, 20]), net.constant([6, 3, 4], magnitude: 0.4), net.constant([6]))
      let pooled = try net.append(.maxPool(FloatWindow(kernel: [3], strides: [2], pads: [1, 0])), net.relu(x))
      let depthwise = FloatConv(strides: [1], dilations: [2], pads: [0, 0], groups: 6)
      let narrow = try net.append(.conv(depthwise), pooled, net.constant([6, 1, 2]))
      let mean = try net.append(.averagePool(FloatWindow(kernel: [2], strides: [1], pads: [1, 0]), countIncludePad: false), narrow)
      return try net.dense(net.flatten(net.append(.globalAveragePool, mean)), 4)
    }
    #expect(graph.inputs.map(\.layout) == [.channelsFirst])
    #expect(graph.nodes.filter { $0.operation.name == "transpose" }.isEmpty)
  }

  @Test func paddedLinesOfSequencesKeepTheirOrder() throws {
    _ = try converted { net in
      let x = try net.append(.transpose(permutation: [0, 2, 1]), net.dense(net.input([1, 9, 4]), 6))
      let conv = FloatConv(strides: [1], dilations: [1], pads: [1, 1], groups: 2)
      return try net.append(.transpose(permutation: [0, 2, 1]), net.append(.conv(conv), x, net.constant([4, 3, 3], magnitude: 0.5)))
    }
  }
}

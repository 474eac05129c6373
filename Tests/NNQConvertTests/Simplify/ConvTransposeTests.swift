import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct ConvTransposeTests {
  private func transposed(
    _ net: inout TestNet, _ x: Int, _ channels: Int, kernel: [Int], _ conv: FloatConv, hasBias: Bool = true
  ) throws -> Int {
    let weights = try net.constant([channels, net.graph.values[x].shape[1] / conv.groups] + kernel)
    return hasBias
      ? try net.append(.convTranspose(conv), x, weights, net.constant([channels])) : try net.append(.convTranspose(conv), x, weights)
  }

  private static func conv(_ strides: [Int], dilations: [Int] = [1, 1], pads: [Int] = [0, 0, 0, 0], groups: Int = 1) -> FloatConv {
    FloatConv(strides: strides, dilations: dilations, pads: pads, groups: groups)
  }

  /// Kernels smaller than, equal to and larger than strides, padding of all kinds, output that no tap reaches, groups.
  static let cases: [(kernel: [Int], conv: FloatConv)] = [
    ([2, 2], conv([2, 2])), ([4, 4], conv([2, 2], pads: [1, 1, 1, 1])), ([3, 3], conv([2, 2], pads: [1, 1, 0, 0])),
    ([3, 2], conv([1, 3], pads: [2, 0, 1, -1])), ([1, 1], conv([2, 3], pads: [0, 0, -1, -2])),
    ([2, 3], conv([4, 1], pads: [0, 1, -3, 1])),
    ([3, 3], conv([2, 2], dilations: [2, 3], pads: [1, 2, 3, 0])), ([5, 5], conv([2, 2], pads: [5, 4, 2, 3])),
    ([2, 2], conv([2, 2], groups: 2)), ([3, 4], conv([2, 2], pads: [1, 1, 1, 1], groups: 4)), ([3, 3], conv([1, 1], pads: [1, 1, 1, 1])),
  ]

  @Test(arguments: cases.indices) func isAConvolutionToPhases(index: Int) throws {
    let (kernel, conv) = Self.cases[index]
    for hasBias in [true, false] {
      var net = TestNet(seed: UInt64(index))
      let graph = try net.finish(transposed(&net, net.input([1, 4, 5, 6]), 8, kernel: kernel, conv, hasBias: hasBias))
      var simplified = graph
      _ = simplified.simplify()
      #expect(!simplified.words.contains("convTranspose"))
      #expect(try simplified.largestDifference(from: graph) < 1e-4)
      _ = try simplified.modelFile()
    }
  }

  @Test func linesAreTransposedToo() throws {
    var net = TestNet()
    let conv = FloatConv(strides: [3], dilations: [1], pads: [1, 0], groups: 1)
    let graph = try net.finish(transposed(&net, net.input([1, 2, 7]), 3, kernel: [4], conv))
    var simplified = graph
    _ = simplified.simplify()
    #expect(simplified.words == ["conv", "reshape", "transpose", "reshape", "slice"])
    #expect(try simplified.largestDifference(from: graph) < 1e-4)
  }

  @Test func takesInWhatFollows() throws {
    var net = TestNet()
    let x = try transposed(&net, net.input([1, 2, 4, 4]), 3, kernel: [2, 2], Self.conv([2, 2]))
    let graph = try net.finish(net.relu(net.batchNormalization(x)))
    var simplified = graph
    _ = simplified.simplify()
    #expect(simplified.words == ["conv", "unary", "reshape", "transpose", "reshape"], "the clamp is behind the convolution")
    #expect(try simplified.largestDifference(from: graph) < 1e-4)
    #expect(simplified.outputs.map { simplified.values[$0].name } == graph.outputs.map { graph.values[$0].name })
  }

  /// 65535 * 65535 phases for one element of output.
  @Test func phasesThatNoTensorHoldsStay() throws {
    var net = TestNet()
    let graph = try net.finish(transposed(&net, net.input([1, 1, 1, 1]), 1, kernel: [1, 1], Self.conv([65535, 65535])))
    var simplified = graph
    _ = simplified.simplify()
    #expect(simplified.words == ["convTranspose"])
    #expect(
      Converter.refusals(of: graph) == [
        ConvertError(
          .unsupported, at: "convTranspose0", "convTranspose: its weights are not constant, or its strides are too large",
          remedy: "export the net without it")
      ])
  }

  @Test func becomesIntegers() throws {
    var net = TestNet()
    let hidden = try net.relu(transposed(&net, net.input([1, 4, 5, 6]), 6, kernel: [4, 4], Self.conv([2, 2], pads: [1, 1, 1, 1])))
    let graph = try net.finish(net.conv(hidden, 3))
    var options = ConvertOptions()
    options.calibrator = .minmax
    let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
    #expect(try #require(conversion.report.agreement).sqnrDecibels > 28)
  }
}

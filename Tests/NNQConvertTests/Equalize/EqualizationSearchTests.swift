import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct EqualizationSearchTests {
  /// conv -> relu -> depthwise: of two channels the second is small.
  private func net() throws -> FloatGraph {
    var net = TestNet()
    let x = try net.input([1, 2, 8, 8])
    let weights = try net.constant([2, 2, 1, 1], [1, 0, 0, 0.01])
    let conv = FloatOperation.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1))
    let gains = try net.constant([2, 1, 1, 1], [1, 100])
    let depthwise = FloatOperation.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 2))
    return try net.finish(net.append(depthwise, net.relu(net.append(conv, x, weights)), gains))
  }

  /// The factor that the second channel is divided by, relative to the first's, given its magnitude in each sample.
  private func factor(_ magnitudes: [Float]) throws -> Float {
    let graph = try net()
    let samples = ArraySamples(
      magnitudes.enumerated().map { index, magnitude in
        let pixels = graph.randomInputs(seed: UInt64(index))[0]
        return [pixels[..<64].map { $0 } + pixels[64...].map { $0 * magnitude }]
      })
    let layers = LayerGraph(graph)
    let search = EqualizationSearch(net: layers, isa: nil, groups: ScalableGroups(layers).groups(of: layers), threads: 1)
    let held = try HeldSamples(samples, Array(magnitudes.indices), of: graph)
    let weights = try #require(search.best(held).layers[0].weights).values
    return 0.01 / weights[3] * weights[0]
  }

  @Test func smallChannelsAreBroughtCloserAsFarAsOtherSamplesAgree() throws {
    #expect(try factor([Float](repeating: 1, count: 8)) < 0.02)
  }

  /// Every second sample, which factors do not come from, moves the channel six times as far.
  @Test func channelsThatOtherSamplesMoveFartherKeepRoom() throws {
    #expect(try factor([1, 6, 1, 6, 1, 6, 1, 6]) > 0.03)
  }

  @Test func fewSamplesLeaveRoom() throws {
    #expect(try factor([1, 1]) > 0.03)
  }
}

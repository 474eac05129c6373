import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct ChannelImportanceTests {
  /// Three channels, of which the dense layer multiplies one by 4 and one by 0.
  private func net(weights: [Float]) throws -> LayerGraph {
    var net = TestNet(seed: 3)
    let hidden = try net.append(.dense, net.input([1, 2]), net.constant([3, 2]))
    return try LayerGraph(net.finish(net.append(.dense, net.relu(hidden), net.constant([1, 3], weights))))
  }

  @Test func channelsCountByTheWeightsThatReadThem() throws {
    let net = try net(weights: [4, 1, 0])
    let factors = ChannelImportance(net).factors(net.layers[0], variances: [1, 1, 1])
    // Powers 0.75 of 16, 1 and a hundredth of the mean, whose roots the factors are.
    let expected = [16, 1, 17.0 / 300].map { DeterministicMath.pow($0, 0.375) }
    for (a, b) in [(0, 1), (1, 2)] {
      #expect(abs(Double(factors[a] / factors[b]) - expected[a] / expected[b]) < 1e-5)
    }
  }

  @Test func scalingAChannelChangesNothing() throws {
    let (net, scaled) = (try net(weights: [4, 1, 2]), try net(weights: [4, 0.5, 2]))
    let factors = ChannelImportance(net).factors(net.layers[0], variances: [1, 2, 3])
    let others = ChannelImportance(scaled).factors(scaled.layers[0], variances: [1, 8, 3])
    // An error of the second channel is twice as large now.
    #expect(abs(factors[1] / factors[0] - 2 * others[1] / others[0]) < 1e-5)
  }

  @Test func noiseGoesThroughShortcutsAndFlattens() throws {
    var net = TestNet(seed: 4)
    let first = try net.conv(net.input([1, 2, 4, 4]), 4, kernel: 3)
    let sum = try net.relu(net.add(net.conv(first, 4), first))
    let graph = try LayerGraph(net.finish(net.dense(net.flatten(sum), 3)))
    let importance = ChannelImportance(graph)
    for layer in graph.layers where layer.weights != nil {
      let count = layer.weights?.channelCount ?? 0
      let factors = importance.factors(layer, variances: [Double](repeating: 1, count: count))
      #expect(factors.count == count && factors.allSatisfy { $0.isFinite && $0 > 0 })
      #expect(layer.output == graph.graph.outputs[0] || Set(factors).count > 1)
    }
  }
}

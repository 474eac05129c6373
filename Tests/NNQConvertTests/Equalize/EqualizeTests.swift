import NNQFloat
import TestSupport
import Testing

@testable import NNQConvert

@Suite struct EqualizeTests {
  /// conv -> hard-swish -> depthwise, added to a pooled branch -> conv.
  private func net() throws -> LayerGraph {
    var net = TestNet()
    let x = try net.input([1, 3, 8, 8])
    let first = try net.append(.unary(.hardSwish), net.conv(x, 4, kernel: 3, pad: 1))
    let depthwise = try net.relu(net.conv(first, 4, kernel: 3, pad: 1, groups: 4))
    let sum = try net.add(net.conv(depthwise, 4), first)
    return LayerGraph(try net.finish(net.conv(sum, 2)))
  }

  @Test func dividedNetsComputeTheSame() throws {
    let net = try net()
    let groups = ScalableGroups(net).groups(of: net)
    #expect(groups.count == 3)
    let factors = [0.125, 1, 3, 0.0625]
    let divided = net.dividing(by: Dictionary(uniqueKeysWithValues: groups.flatMap { $0 }.map { ($0, factors) }))
    let inputs = net.graph.randomInputs(seed: 3)
    let expected = try FloatExecutor(net.graph).run(inputs: inputs)[0]
    let got = try FloatExecutor(divided.graph).run(inputs: inputs)[0]
    #expect(zip(expected, got).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(divided.layers.map(\.kind) == net.layers.map(\.kind), "tables take in the products")
  }

  @Test func summandsAndSumHaveTheSameFactors() throws {
    let net = try net()
    let group = try #require(ScalableGroups(net).groups(of: net).first { $0.count > 1 })
    #expect(group.map { net.graph.values[$0].name } == ["unary1", "binary5"])
  }

  @Test func inputsOutputsAndClippedValuesKeepTheirScale() throws {
    var net = TestNet()
    let x = try net.input([1, 3, 8, 8])
    let clipped = try net.append(.unary(.clip(lo: 0, hi: 6)), net.conv(x, 4))
    let layers = LayerGraph(try net.finish(net.conv(clipped, 2)))
    #expect(ScalableGroups(layers).groups(of: layers).isEmpty)
  }

  /// And room to become four times as large.
  @Test func smallChannelsGetMoreSteps() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 8, 8])
    let weights = try net.constant([2, 2, 1, 1], [1, 0, 0, 0.02])
    let conv = FloatOperation.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1))
    let small = try net.relu(net.append(conv, x, weights))
    let graph = net.finish(try net.conv(small, 2, groups: 2))
    let layers = LayerGraph(graph)
    let samples = ArraySamples([graph.randomInputs(seed: 1)])
    let statistics = try ChannelStatistics(layers, FloatExecutor(graph), samples: HeldSamples(samples, [0], of: graph), threads: 1)
    let factors = try #require(ChannelScales(layers, statistics, headroom: 4).factors(of: [layers.layers[0].output]))
    #expect(factors[0] == 1 && abs(factors[1] - 0.08) < 0.008)
  }

  /// A model whose channels were divided is compared with the net as if they had not been.
  @Test func aComparisonFindsTheFactors() throws {
    let net = try net()
    let group = try #require(ScalableGroups(net).groups(of: net).first)
    let factors = [0.125, 1, 0.75, 0.0625]
    let divided = net.dividing(by: Dictionary(uniqueKeysWithValues: group.map { ($0, factors) }))
    var recovered = RecoveredScales(net)
    for inputs in (0..<2).map({ net.graph.randomInputs(seed: $0) }) {
      var (exact, found): ([String: [Float]], [String: [Float]]) = ([:], [:])
      _ = try FloatExecutor(net.graph).run(inputs: inputs) { exact[net.graph.values[$0].name] = Array($2) }
      _ = try FloatExecutor(divided.graph).run(inputs: inputs) { found[divided.graph.values[$0].name] = Array($2) }
      for layer in net.layers {
        guard let exact = exact[layer.name], let found = found[layer.name] else { continue }
        recovered.add(layer, exact: exact, found: found, order: Array(exact.indices))
      }
    }
    #expect(recovered.factors() == Dictionary(uniqueKeysWithValues: group.map { ($0, factors) }))
  }
}

import NNQFloat
import Testing

@testable import NNQConvert

/// A net of 36 + 288 + 72 + 64 + 40 = 500 weights, of which the first and the depthwise layer hold 108.
private func net() throws -> LayerGraph {
  var net = TestNet(seed: 11)
  let first = try net.conv(net.input([1, 1, 6, 6]), 4, kernel: 3)
  let second = try net.conv(first, 8, kernel: 3)
  let depthwise = try net.conv(second, 8, kernel: 3, pad: 1, groups: 8)
  let third = try net.conv(depthwise, 8)
  let pooled = try net.append(.globalAveragePool, third)
  return try LayerGraph(net.finish(net.dense(net.flatten(pooled), 5)))
}

extension LayerGraph {
  fileprivate var zeroCounts: [Int] { layers.compactMap(\.weights?.zeroCount) }
  fileprivate var weights: [[Float]] { layers.compactMap(\.weights?.values) }

  fileprivate func pruned(
    _ sparsity: Double, scope: PruneScope = .global, pattern: PrunePattern = .weights,
    isExcluded: @escaping (String) -> Bool = { _ in false }, shares: [String: Double] = [:]
  ) throws(ConvertError) -> LayerGraph {
    var net = self
    let goal = try PruningGoal(self, sparsity: sparsity, share: { shares[$0] }, isExcluded: isExcluded)
    let magnitude = MagnitudePruning(goal: goal, scope: scope, groups: weightGroups(pattern))
    let planned = goal.planned.map { ($0, magnitude.removal(of: $1, from: self, layer: $0)) }
    for (index, removal) in zip(goal.layers, magnitude.removals(from: self)) + planned {
      guard case .others(than: let isKept) = removal else { continue }
      for element in isKept.indices where !isKept[element] { net.layers[index].weights?.values[element] = 0 }
    }
    return net
  }
}

@Suite struct MagnitudePruningTests {
  @Test(arguments: [0, 0.002, 0.1, 0.333, 0.5, 0.78], PruneScope.allCases)
  func removesAShareOfAllWeightsExactly(sparsity: Double, scope: PruneScope) throws {
    let counts = try net().pruned(sparsity, scope: scope).zeroCounts
    #expect(counts.reduce(0, +) == Int((sparsity * 500).rounded()))
    // The first and the depthwise layer.
    #expect([counts[0], counts[2]] == [0, 0])
  }

  @Test func inALayerTheSmallestGo() throws {
    let (net, pruned) = (try net(), try net().pruned(0.4))
    for (before, after) in zip(net.weights, pruned.weights) {
      let removed = before.indices.filter { after[$0] == 0 }.map { abs(before[$0]) }
      let kept = after.filter { $0 != 0 }.map { abs($0) }
      #expect(removed.max() ?? 0 <= kept.min() ?? 0)
      #expect(before.indices.allSatisfy { after[$0] == 0 || after[$0] == before[$0] })
    }
  }

  @Test func layerScopeTakesTheSameShareOfEachPrunableLayer() throws {
    // 196 of the 392 prunable weights.
    #expect(try net().pruned(0.392, scope: .layer).zeroCounts == [0, 144, 0, 32, 20])
  }

  @Test func theFourOfLeastSquaresGoTogether() throws {
    var net = try net()
    // The second convolution: 8 output channels of 4 inputs under a window of 3 x 3. All are large but position 5 of channel 6.
    net.layers[1].weights?.values = [Float](repeating: 1, count: 288)
    let small = (0..<4).map { 6 * 36 + $0 * 9 + 5 }
    for (weight, value) in zip(small, [0.9, 0.1, 0.9, 0.9] as [Float]) { net.layers[1].weights?.values[weight] = value }
    // Alone it is smallest, but its neighbours are not.
    net.layers[1].weights?.values[0] = 0.01
    let pruned = try net.pruned(0, pattern: .block4, shares: ["conv1": 4.0 / 288]).weights[1]
    #expect(pruned.indices.filter { pruned[$0] == 0 } == small)
  }

  @Test func excludedLayersAreKept() throws {
    let counts = try net().pruned(0.1) { $0 == "conv1" }.zeroCounts
    #expect(counts[1] == 0)
    #expect(counts.reduce(0, +) == 50)
  }

  @Test(arguments: PruneScope.allCases) func plannedSharesGoFirst(scope: PruneScope) throws {
    let counts = try net().pruned(0.5, scope: scope, shares: ["conv0": 0.25, "conv1": 0.5]).zeroCounts
    #expect(counts.prefix(3) == [9, 144, 0])
    #expect(counts.reduce(0, +) == 250)
    // The plan may ask for more than the share of all.
    #expect(try net().pruned(0, scope: scope, shares: ["conv2": 0.5]).zeroCounts == [0, 0, 36, 0, 0])
  }

  @Test func aLayerBehindWeightlessOnesIsFirstToo() throws {
    var builder = TestNet()
    let x = try builder.input([1, 2, 4, 4])
    let pooled = try builder.append(.globalAveragePool, x)
    let first = try builder.dense(builder.flatten(pooled), 6)
    let net = try LayerGraph(builder.finish(builder.dense(first, 4)))
    #expect(try net.pruned(0.5).zeroCounts == [0, 18])
  }

  @Test func scalingALayerDoesNotMatter() throws {
    var scaled = try net()
    for element in 0..<288 { scaled.layers[1].weights?.values[element] *= 1024 }
    #expect(try scaled.pruned(0.5).zeroCounts == net().pruned(0.5).zeroCounts)
  }

  @Test(arguments: PruneScope.allCases) func equalWeightsGoInOneOrder(scope: PruneScope) throws {
    var equal = try net()
    for index in equal.layers.indices {
      guard let count = equal.layers[index].weights?.values.count else { continue }
      equal.layers[index].weights?.values = [Float](repeating: 0.5, count: count)
    }
    let first = try equal.pruned(0.3, scope: scope)
    #expect(first.zeroCounts.reduce(0, +) == 150)
    #expect(try equal.pruned(0.3, scope: scope).weights == first.weights)
  }

  @Test func refusesMoreThanThePrunableLayersHold() throws {
    let error = ConvertError(
      .badOption, at: "--prune 0.9", "450 of 500 weights are to go, the prunable layers hold 392", remedy: "prune less than 0.784")
    let net = try net()
    #expect(throws: error) { try net.pruned(0.9) }
  }
}

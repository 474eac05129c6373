import NNQFloat
import TestSupport
import Testing

@testable import NNQConvert

/// Nets in which channels are tied in every way.
enum TiedNet: CaseIterable {
  case shortcut, depthwise, concatenation, gate, slices, flatten

  func graph() throws -> FloatGraph {
    var net = TestNet(seed: 41)
    let x = try net.relu(net.conv(net.input([1, 3, 6, 6]), 8, kernel: 3, pad: 1))
    let last =
      switch self {
      case .shortcut:
        try net.relu(net.add(net.conv(net.relu(net.conv(x, 6)), 8, kernel: 3, pad: 1), x))
      case .depthwise:
        try net.append(.unary(.clip(lo: 0, hi: 1)), net.conv(x, 16, kernel: 3, pad: 1, groups: 8))
      case .concatenation:
        try net.append(.concat(axis: 1), net.conv(x, 4), net.relu(net.conv(x, 5)), x)
      case .gate:
        try net.append(
          .binary(.mul), x, net.append(.unary(.sigmoid), net.conv(net.append(.globalAveragePool, x), 8)))
      case .slices:
        try net.add(
          net.append(.slice(begin: [0, 0, 0, 0], step: [1, 1, 1, 1]), x, shape: [1, 4, 6, 6]),
          net.append(.slice(begin: [0, 4, 0, 0], step: [1, 1, 1, 1]), x, shape: [1, 4, 6, 6]))
      case .flatten:
        try net.append(
          .binary(.mul), net.append(.maxPool(FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0])), x), net.constant([8, 1, 1]))
      }
    let features =
      self == .flatten
      ? last
      : try net.append(.averagePool(FloatWindow(kernel: [3, 3], strides: [3, 3], pads: [0, 0, 0, 0]), countIncludePad: false), last)
    return try net.finish(net.dense(net.relu(net.dense(net.flatten(features), 10)), 5))
  }
}

@Suite struct RemovingChannelsTests {
  /// Ties that can go.
  private func removable(_ graph: FloatGraph, _ ties: ChannelTies) -> [Int] {
    let fixed = ties.fixedTies
    return Set(graph.values.indices.flatMap { ties.ties(of: $0) }).subtracting(fixed).sorted()
  }

  /// The net with all weights zero that read channels of these ties.
  private func zeroing(_ removed: Set<Int>, of ties: ChannelTies, in graph: FloatGraph) -> FloatGraph {
    var result = graph
    for node in graph.nodes where graph.partsChannels(node) {
      let channels = ties.ties(of: node.inputs[0])
      let weights = graph.values[node.inputs[1]]
      let taps = weights.shape.dropFirst(2).reduce(1, *)
      for index in (weights.constant ?? []).indices where removed.contains(channels[index / taps % channels.count]) {
        result.values[node.inputs[1]].constant?[index] = 0
      }
    }
    return result
  }

  @Test(arguments: TiedNet.allCases) func theSmallerNetGivesWhatTheNetWithZerosGives(net: TiedNet) throws {
    let graph = try net.graph()
    let ties = ChannelTies(graph)
    let candidates = removable(graph, ties)
    #expect(candidates.count >= 10)
    var random = SeededRandom(seed: 8)
    for _ in 0..<5 {
      let removed = Set(candidates.shuffled(using: &random).prefix(candidates.count / 3))
      let isLeft = graph.values.indices.allSatisfy { value in
        let channels = ties.ties(of: value)
        return channels.isEmpty || !removed.isSuperset(of: channels)
      }
      guard isLeft else { continue }
      let smaller = graph.removing(removed, of: ties)
      try smaller.validate()
      #expect(smaller.values.compactMap(\.constant).joined().count < graph.values.compactMap(\.constant).joined().count)
      #expect(try smaller.largestDifference(from: zeroing(removed, of: ties, in: graph)) < 1e-5)
    }
  }

  @Test func whatIsAddedGoesTogether() throws {
    let graph = try TiedNet.shortcut.graph()
    let ties = ChannelTies(graph)
    let sum = try #require(graph.nodes.first { $0.operation == .binary(.add) })
    #expect(ties.ties(of: sum.inputs[0]) == ties.ties(of: sum.inputs[1]))
    #expect(Set(ties.ties(of: sum.outputs[0])).count == 8)
  }

  @Test func aDepthwiseLayerTiesItsMultiples() throws {
    let graph = try TiedNet.depthwise.graph()
    let ties = ChannelTies(graph)
    let node = try #require(graph.nodes.first { if case .conv(let conv) = $0.operation { conv.groups == 8 } else { false } })
    let (inputs, outputs) = (ties.ties(of: node.inputs[0]), ties.ties(of: node.outputs[0]))
    #expect(outputs == inputs.flatMap { [$0, $0] })
  }

  @Test func inputsOutputsAndGroupsStay() throws {
    var net = TestNet(seed: 2)
    let x = try net.conv(net.input([1, 4, 4, 4]), 8)
    let graph = try net.finish(net.conv(net.conv(x, 8, groups: 2), 6))
    let ties = ChannelTies(graph)
    #expect(graph.values.indices.allSatisfy { ties.fixedTies.isSuperset(of: ties.ties(of: $0)) })
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func randomNetsStayLegal(seed: UInt64) throws {
    let graph = try TestNet.random(seed: seed)
    let ties = ChannelTies(graph)
    for tie in removable(graph, ties).prefix(6) {
      guard graph.values.indices.allSatisfy({ Set(ties.ties(of: $0)) != [tie] }) else { continue }
      let smaller = graph.removing([tie], of: ties)
      try smaller.validate()
      #expect(try smaller.largestDifference(from: zeroing([tie], of: ties, in: graph)) < 1e-4)
    }
  }
}

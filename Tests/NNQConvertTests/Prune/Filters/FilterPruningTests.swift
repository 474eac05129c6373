import NNQFloat
import NNQGraph
import Testing

@testable import NNQConvert

@Suite struct FilterPruningTests {
  private func convert(
    _ graph: FloatGraph, _ sparsity: Double, bits: Int = 8, sampleCount: Int = 6, _ change: (inout ConvertOptions) -> Void = { _ in }
  ) throws -> Converter.Conversion {
    var options = ConvertOptions()
    (options.sparsity, options.bits, options.prunePattern) = (sparsity, bits, .filters)
    change(&options)
    return try Converter(options: options, samples: ArraySamples(graph, count: sampleCount)).convert(graph)
  }

  @Test(arguments: TiedNet.allCases, [8, 32]) func tensorsAndFilesShrink(net: TiedNet, bits: Int) throws {
    let graph = try net.graph()
    let (dense, pruned) = (try convert(graph, 0, bits: bits), try convert(graph, 0.3, bits: bits))
    let weightCount = dense.report.weightCount
    #expect(pruned.report.removedCount + pruned.report.weightCount == weightCount)
    #expect(Double(pruned.report.removedCount) >= 0.3 * Double(weightCount))
    #expect(Double(pruned.report.removedCount) < 0.6 * Double(weightCount))
    #expect(try pruned.file.encoded().count < dense.file.encoded().count)
    let decibels = try #require(pruned.report.agreement).sqnrDecibels
    #expect(decibels > 3)
    if bits == 8 { #expect(try Graph(pruned.file).nodes.count == Graph(dense.file).nodes.count) }
  }

  @Test(arguments: Saliency.allCases, PruneScope.allCases)
  func threadsDoNotMatter(saliency: Saliency, scope: PruneScope) throws {
    let graph = try TiedNet.shortcut.graph()
    let files = try [1, 3].map { threads in
      try convert(graph, 0.2) { ($0.saliency, $0.pruneScope, $0.threads) = (saliency, scope, threads) }.file.encoded()
    }
    #expect(files[0] == files[1])
  }

  @Test func excludedLayersKeepTheirChannels() throws {
    let graph = try TiedNet.concatenation.graph()
    let conversion = try convert(graph, 0.2) { $0.isExcluded = { $0 == "unary1" } }
    #expect(conversion.report.layers[0].outputShape[1] == 8)
    #expect(conversion.report.layers[0].weightCount == 8 * 27)
    #expect(conversion.report.removedCount > 0)
  }

  @Test func refusesMoreThanChannelsHold() throws {
    let graph = try TiedNet.shortcut.graph()
    let error = #expect(throws: ConvertError.self) { try convert(graph, 0.99) }
    #expect(error?.code == .badOption)
  }

  @Test func refusesSharesOfSingleLayers() throws {
    let graph = try TiedNet.shortcut.graph()
    let error = #expect(throws: ConvertError.self) {
      try convert(graph, 0.2) { $0.plan = ConversionPlan(layers: [.init(name: "unary1", share: 0.5)]) }
    }
    #expect(error?.code == .badOption)
  }

  /// What the channels that go give is made up for: a channel that is the copy of another costs nothing.
  @Test(arguments: Saliency.allCases) func copiesGoFirst(saliency: Saliency) throws {
    var net = TestNet(seed: 9)
    let weights: [Float] = (0..<4).flatMap { _ in [0.5, -0.25, 1] } + [1, 0.5, 0.25] + [-1, 0.5, 0.75]
    let hidden = try net.relu(net.append(.dense, net.input([1, 3]), net.constant([6, 3], weights)))
    let graph = try net.finish(net.append(.dense, hidden, net.constant([2, 6], [0.3, 0.1, 0.2, 0.1, 1, -1, 0.2, 0.1, 0.3, 0.1, -1, 1])))
    let conversion = try convert(graph, 0.5, bits: 32, sampleCount: 100) { $0.saliency = saliency }
    #expect(conversion.report.layers[0].outputShape == [1, 3])
    #expect(try #require(conversion.report.agreement).sqnrDecibels > 15)
  }
}

import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct NetSweepTests {
  /// A net of convolutions, one of them depthwise, and a dense layer.
  private func mixedNet() throws -> FloatGraph {
    var net = TestNet(seed: 5)
    let first = try net.relu(net.conv(net.input([1, 2, 8, 8]), 8, kernel: 3))
    let depthwise = try net.relu(net.conv(first, 8, kernel: 3, pad: 1, groups: 8))
    let deep = try net.relu(net.conv(depthwise, 16, kernel: 3))
    return try net.finish(net.dense(net.flatten(net.append(.globalAveragePool, deep)), 6))
  }

  @Test(arguments: Saliency.allCases, PruneScope.allCases)
  func theModelIsTheSameWithEveryNumberOfThreads(saliency: Saliency, scope: PruneScope) throws {
    let graph = try mixedNet()
    let files = try [1, 2, 3].map { threads in
      var options = ConvertOptions()
      (options.sparsity, options.saliency, options.pruneScope, options.threads) = (0.4, saliency, scope, threads)
      let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
      let report = conversion.report
      // Rounding may make more weights zero, never fewer.
      #expect(report.zeroCount >= Int((0.4 * Double(report.weightCount)).rounded()))
      return try conversion.file.encoded()
    }
    #expect(files[1] == files[0] && files[2] == files[0])
  }

  @Test(arguments: [0.1, 0.333, 0.5, 0.8]) func removesAShareOfAllWeightsExactly(sparsity: Double) throws {
    let graph = try mixedNet()
    var options = ConvertOptions()
    (options.bits, options.sparsity) = (32, sparsity)
    let report = try Converter(options: options, samples: ArraySamples(graph)).convert(graph).report
    #expect(report.zeroCount == Int((sparsity * Double(report.weightCount)).rounded()))
    #expect(report.layers.prefix(2).allSatisfy { $0.zeroCount == 0 })
  }

  /// Means of a net's first output over some samples, by channel.
  private func means(_ graph: FloatGraph, _ samples: ArraySamples) throws -> [Double] {
    let executor = try FloatExecutor(graph)
    let outputs = try samples.samples.map { try executor.run(inputs: $0)[0] }
    return (0..<4).map { channel in outputs.reduce(0.0) { $0 + Double($1[channel]) } / Double(outputs.count) }
  }

  @Test func pruningHardlyMovesTheMeanOfAnyOutput() throws {
    var net = TestNet(seed: 12)
    let hidden = try net.relu(net.conv(net.input([1, 2, 6, 6]), 8, kernel: 3))
    let deep = try net.relu(net.conv(hidden, 8, kernel: 3))
    let graph = try net.finish(net.dense(net.flatten(net.append(.globalAveragePool, deep)), 4))
    var options = ConvertOptions()
    (options.bits, options.sparsity) = (32, 0.5)
    let samples = ArraySamples(graph)
    let conversion = try Converter(options: options, samples: samples).convert(graph)
    let pruned = try FloatGraph(conversion.file)
    #expect(pruned.values.compactMap(\.constant).joined().count { $0 == 0 } == conversion.report.zeroCount)
    for (before, after) in zip(try means(graph, samples), try means(pruned, samples)) { #expect(abs(before - after) < 0.02) }
  }

  @Test func layersThatShareWeightsGetTheirOwn() throws {
    var net = TestNet()
    let weights = try net.constant([4, 4])
    let first = try net.dense(net.input([1, 4]), 4)
    let second = try net.append(.dense, first, weights)
    let graph = try net.finish(net.append(.dense, second, weights))
    var options = ConvertOptions()
    (options.bits, options.sparsity) = (32, 0.25)
    let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
    #expect(try FloatGraph(conversion.file).words == ["dense", "dense", "dense"])
  }
}

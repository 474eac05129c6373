import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct RefitTests {
  /// Means of a net's first output over some samples, by channel.
  private func means(_ graph: FloatGraph, _ samples: ArraySamples) throws -> [Double] {
    let executor = try FloatExecutor(graph)
    var moments = ChannelMoments(channelCount: 4)
    for sample in samples.samples {
      try executor.run(inputs: sample)[0].withUnsafeBufferPointer { moments.add($0, isChannelsFirst: false) }
    }
    return (0..<4).map(moments.mean)
  }

  @Test func pruningKeepsTheMeanOfEveryOutput() throws {
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
    for (before, after) in zip(try means(graph, samples), try means(pruned, samples)) { #expect(abs(before - after) < 1e-5) }
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

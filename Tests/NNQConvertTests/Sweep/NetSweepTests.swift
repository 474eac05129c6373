import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

@Suite struct NetSweepTests {
  /// A net of convolutions, one of them depthwise, and a dense layer.
  private func mixedNet() throws -> FloatGraph {
    var net = TestNet(seed: 5)
    let first = try net.relu(net.conv(net.input([1, 2, 8, 8]), 8, kernel: 3))
    let depthwise = try net.relu(net.conv(first, 8, kernel: 3, pad: 1, groups: 8))
    let deep = try net.relu(net.conv(depthwise, 32, kernel: 3))
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

  @Test func delicateLayersThatHoldMuchLoseTheirShareToo() throws {
    var net = TestNet(seed: 7)
    let first = try net.relu(net.conv(net.input([1, 2, 8, 8]), 8, kernel: 3))
    let depthwise = try net.relu(net.conv(first, 8, kernel: 3, pad: 1, groups: 8))
    let graph = try net.finish(net.dense(net.flatten(net.append(.globalAveragePool, depthwise)), 6))
    var options = ConvertOptions()
    (options.bits, options.sparsity) = (32, 0.5)
    let report = try Converter(options: options, samples: ArraySamples(graph)).convert(graph).report
    #expect(report.zeroCount == report.weightCount / 2)
    #expect(report.layers[0].zeroCount > 0 && report.layers[1].zeroCount > 0)
    options.saliency = .magnitude
    #expect(throws: ConvertError.self) { try Converter(options: options, samples: ArraySamples(graph)).convert(graph) }
  }

  /// A net whose dense layer reads a picture, channels at stride 9.
  private func flatteningNet() throws -> FloatGraph {
    var net = TestNet(seed: 6)
    let first = try net.relu(net.conv(net.input([1, 2, 7, 7]), 6, kernel: 3))
    let deep = try net.relu(net.conv(first, 10, kernel: 3))
    return try net.finish(net.dense(net.flatten(deep), 6))
  }

  /// For each convolution or dense layer of the model but the first, how many weights of each four neighbouring input channels
  /// at one kernel position are not zero; and how many neighbours these are.
  private func blocks(_ file: ModelFile) throws -> [[(left: Int, count: Int)]] {
    let graph = try Graph(file)
    let weights = graph.nodes.filter { ["conv2D", "dense"].contains($0.operation.name) }.map { graph.tensors[$0.inputs[1]] }
    return weights.dropFirst().filter { $0.shape.last != 1 }.map { tensor in
      let (elements, channelCount) = (tensor.integers, tensor.shape.last ?? 1)
      return stride(from: 0, to: elements.count, by: channelCount).flatMap { run in
        stride(from: run, to: run + channelCount, by: 4).map { first in
          let block = elements[first..<min(first + 4, run + channelCount)]
          return (block.count { $0 != 0 }, block.count)
        }
      }
    }
  }

  @Test(arguments: Saliency.allCases, PruneScope.allCases)
  func blocksGoAsAWhole(saliency: Saliency, scope: PruneScope) throws {
    for graph in try [mixedNet(), flatteningNet()] {
      var options = ConvertOptions()
      (options.sparsity, options.saliency, options.pruneScope, options.prunePattern) = (0.6, saliency, scope, .block4)
      let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
      let wanted = Int((0.6 * Double(conversion.report.weightCount)).rounded())
      #expect(conversion.report.zeroCount >= wanted)
      // Weights that rounding makes zero apart: a block more for each layer at most.
      let gone = try blocks(conversion.file).joined().reduce(0) { $0 + ($1.left == 0 ? $1.count : 0) }
      #expect(gone >= wanted)
      #expect(gone < wanted + 4 * conversion.report.layers.count + conversion.report.weightCount / 50)
    }
  }

  @Test(arguments: Saliency.allCases, PruneScope.allCases)
  func ofFourNeighboursTwoGoWhereAnyGo(saliency: Saliency, scope: PruneScope) throws {
    for graph in try [mixedNet(), flatteningNet()] {
      var options = ConvertOptions()
      (options.sparsity, options.saliency, options.pruneScope, options.prunePattern) = (0.5, saliency, scope, .nm2of4)
      let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
      #expect(conversion.report.zeroCount >= Int((0.5 * Double(conversion.report.weightCount)).rounded()))
      let shares = conversion.plan.layers.compactMap(\.share).dropFirst().filter { $0 != 0 }
      #expect(!shares.isEmpty && shares.allSatisfy { $0 >= 0.4 })
      for layer in try blocks(conversion.file) {
        let fitting = layer.count { $0.left <= 2 }
        #expect(fitting == layer.count || fitting < layer.count / 5)
      }
    }
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

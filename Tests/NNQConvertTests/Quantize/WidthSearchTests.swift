import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct WidthSearchTests {
  /// Logits of which softmax reads all but the first, and a dense layer all.
  private func net(firstGain: Float) throws -> (graph: FloatGraph, logits: Int) {
    var net = TestNet()
    let x = try net.input([1, 4])
    var weights = (0..<16).map { Float($0 % 5) / 2 - 1 }
    for element in 0..<4 { weights[element] *= firstGain }
    let logits = try net.append(.dense, x, net.constant([4, 4], weights))
    let few = try net.append(.slice(begin: [0, 1], step: [1, 1]), logits, shape: [1, 3])
    let graph = try net.finish(net.append(.softmax(axis: 1), few), net.dense(logits, 2))
    return (graph, logits)
  }

  private func finding(_ graph: FloatGraph, threads: Int = 1) throws -> WidthSearch.Finding {
    let net = LayerGraph(graph)
    let executor = try FloatExecutor(graph)
    let samples = (0..<2).map { graph.randomInputs(seed: $0) }
    var ranges = [ClosedRange<Double>?](repeating: nil, count: graph.values.count)
    for sample in samples {
      _ = try executor.run(inputs: sample) { value, _, elements in
        let (low, high) = (Double(elements.min() ?? 0), Double(elements.max() ?? 0))
        ranges[value] = min(ranges[value]?.lowerBound ?? 0, low)...max(ranges[value]?.upperBound ?? 0, high)
      }
    }
    let plan = QuantizationPlan(net, ranges: ranges, bits: WeightBits())
    let evaluator = LayerEvaluator(net, executor)
    return WidthSearch(net: net, plan: plan, evaluator: evaluator, inputs: graph.inputs, threads: threads).run(samples)
  }

  @Test func tensorsThatSuffer8BitsGet16() throws {
    let (graph, logits) = try net(firstGain: 1000)
    let found = try finding(graph)
    let slice = try #require(LayerGraph(graph).layers.first { $0.kind == "slice" }).output
    #expect(found.wide == Set(graph.outputs).union([logits, slice]), "with what shares its grid")
    #expect((found.noise[logits] ?? 0) > 0.01)
  }

  @Test func tensorsThatDoNotKeep8Bits() throws {
    let (graph, _) = try net(firstGain: 1)
    #expect(try finding(graph).wide == Set(graph.outputs))
  }

  /// What is left after the first layer is a thousandth of its input: 8 bits hold nothing of it.
  @Test func layersReadSixteenBitsWhereEightWouldSpoilTheOutputs() throws {
    var net = TestNet()
    let x = try net.input([1, 16])
    let differences = try net.append(.dense, x, net.constant([2, 16], (0..<32).map { [16, 0.002][$0 / 16] * ($0 % 2 == 0 ? 1 : -1) }))
    let few = try net.append(.dense, differences, net.constant([1, 2], [0, 1000]))
    let graph = net.finish(few)
    let found = try finding(graph)
    #expect(found.bytewise.contains(differences))
    #expect(found.wide.isSuperset(of: found.bytewise))
    #expect(try finding(self.net(firstGain: 1000).graph).bytewise.isEmpty)
  }

  /// Its model computes what the net does, and a comparison finds the weights of both bytes.
  @Test func modelsThatReadSixteenBitsAreNearTheirNets() throws {
    var net = TestNet()
    let x = try net.conv(net.input([1, 3, 6, 6]), 4, kernel: 3)
    let gains = try net.constant([2, 4, 1, 1], [1, 0, 0, 0, 0, 0.001, 0.001, 0])
    let conv = FloatOperation.conv(FloatConv(strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], groups: 1))
    let unequal = try net.append(conv, x, gains)
    let graph = try net.finish(net.append(conv, unequal, net.constant([1, 2, 1, 1], [0, 1000])))
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph)).convert(graph)
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels > 25, "\(decibels) dB")
    let layers = try ModelComparison(graph, conversion.file, threads: 1).run(ArraySamples(graph))
    for layer in layers { #expect(layer.sqnrDecibels > 20, "\(layer)") }
  }

  @Test func theNumberOfThreadsDoesNotMatter() throws {
    let (graph, _) = try net(firstGain: 1000)
    let (one, two) = (try finding(graph), try finding(graph, threads: 2))
    #expect(one.wide == two.wide)
    #expect(one.noise == two.noise)
  }
}

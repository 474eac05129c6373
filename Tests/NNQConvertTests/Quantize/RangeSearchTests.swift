import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct RangeSearchTests {
  private let net: LayerGraph
  private let search: RangeSearch
  private let samples: [[[Float]]]

  init() throws {
    var net = TestNet()
    let graph = try net.finish(net.dense(net.relu(net.dense(net.input([1, 16]), 8)), 4))
    self.net = LayerGraph(graph)
    search = RangeSearch(
      net: self.net, evaluator: LayerEvaluator(self.net, try FloatExecutor(graph)), outputNoise: OutputNoise(self.net), threads: 2)
    samples = (0..<3).map { graph.randomInputs(seed: $0) }
  }

  private func plan(_ magnitude: Double) -> QuantizationPlan {
    QuantizationPlan(net, ranges: net.graph.values.map { _ in -magnitude...magnitude }, bits: WeightBits())
  }

  @Test func takesTheGridsThatAddTheLeastNoise() {
    let (clipping, fine, coarse) = (plan(0.05), plan(4), plan(400))
    #expect(search.best([clipping, fine, coarse], samples) == 1)
    #expect(search.best([coarse, clipping, fine], samples) == 2)
    #expect(search.best([fine, coarse], samples) == 0)
  }

  @Test func staysWithTheFirstOfThoseThatAreAlike() {
    #expect(search.best([plan(4), plan(4)], samples) == 0)
    #expect(search.best([plan(400), plan(4), plan(4)], samples) == 1)
  }

  /// Also for values that the plan does not name: the inputs of the net.
  @Test func aPlanKeepsTheChoice() throws {
    func convert(_ plan: ConversionPlan) throws -> Converter.Conversion {
      var options = ConvertOptions()
      options.plan = plan
      return try Converter(options: options, samples: ArraySamples(net.graph)).convert(net.graph)
    }
    let first = try convert(ConversionPlan())
    let again = try convert(first.plan)
    #expect(again.plan == first.plan)
    #expect(try again.file.encoded() == first.file.encoded())
  }
}

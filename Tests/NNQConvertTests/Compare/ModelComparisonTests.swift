import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

@Suite struct ModelComparisonTests {
  private func model(
    _ graph: FloatGraph, change: (inout ConvertOptions) -> Void = { _ in }
  ) throws -> ModelFile {
    var options = ConvertOptions()
    change(&options)
    return try Converter(options: options, samples: ArraySamples(graph)).convert(graph).file
  }

  private func compare(_ graph: FloatGraph, _ file: ModelFile, threads: Int = 1) throws -> [LayerComparison] {
    try ModelComparison(graph, file, threads: threads).run(ArraySamples(graph))
  }

  @Test(arguments: LoweredNet.allCases) func everyLayerIsNearTheNet(net: LoweredNet) throws {
    let graph = try net.graph()
    let layers = try compare(graph, model(graph))
    #expect(!layers.isEmpty)
    for layer in layers { #expect(layer.sqnrDecibels > 15, "\(layer)") }
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func randomNetsAreNearTheirModels(seed: UInt64) throws {
    let graph = try TestNet.random(seed: seed)
    let file: ModelFile
    do { file = try model(graph) } catch let error as ConvertError where error.code == .unsupported { return }
    for layer in try compare(graph, file) { #expect(layer.sqnrDecibels > 10, "\(layer)") }
  }

  @Test func theWorstComesFirst() throws {
    let graph = try TestNet.residual()
    let layers = try compare(graph, model(graph) { $0.bits = 3 })
    #expect(layers.map(\.sqnrDecibels) == layers.map(\.sqnrDecibels).sorted())
    #expect(layers.map(\.kind).sorted() == ["averagePool", "conv", "conv", "dense", "depthwise"])
  }

  @Test func whatWasNotDoneCostsNothing() throws {
    let graph = try TestNet.residual()
    for layer in try compare(graph, model(graph)) {
      #expect(layer.pruningShare == 0)
      #expect(abs(layer.weightShare + layer.activationShare - 1) < 1e-9)
      if layer.kind == "averagePool" { #expect(layer.weightShare == 0) }
    }
  }

  @Test func fewBitsCostWeightsAndPruningCostsZeros() throws {
    let graph = try TestNet.residual()
    for layer in try compare(graph, model(graph) { ($0.bits, $0.delicateBits) = (2, 2) }) where layer.kind != "averagePool" {
      #expect(layer.weightShare > 0.9, "\(layer)")
    }
    let pruned = try compare(graph, model(graph) { ($0.sparsity, $0.pruneScope) = (0.75, .layer) })
    #expect(pruned.contains { $0.pruningShare > 0.5 })
    #expect(pruned.first { $0.kind == "depthwise" }?.pruningShare == 0)
  }

  @Test func threadsDoNotMatter() throws {
    let graph = try TestNet.residual()
    let file = try model(graph) { $0.sparsity = 0.3 }
    #expect(try compare(graph, file, threads: 2) == compare(graph, file))
  }

  // MARK: Other nets

  private func refusal(_ graph: FloatGraph, _ file: ModelFile) throws -> ConvertError? {
    try #require(throws: ConvertError.self) { try ModelComparison(graph, file) }
  }

  @Test func aNetOfOtherInputsIsRefused() throws {
    var net = TestNet()
    let other = try net.finish(net.dense(net.input([1, 4], name: "other"), 2))
    let error = try refusal(other, model(TestNet.residual()))
    #expect(error?.code == .badModel)
    #expect(
      error?.description == """
        inputs: the model's are ["x"], the net's ["other"]; compare the model with the net it was made from
        """)
  }

  private func twoLayers(_ channelCount: Int, extraRelu: Bool = false) throws -> FloatGraph {
    var net = TestNet()
    let hidden = try net.conv(net.input([1, 2, 4, 4]), channelCount, kernel: 3, pad: 1)
    return try net.finish(net.conv(extraRelu ? net.append(.unary(.sigmoid), hidden) : hidden, 3))
  }

  @Test func aNetOfOtherShapesIsRefused() throws {
    let error = try refusal(twoLayers(5), model(twoLayers(4)))
    #expect(error?.location == "conv0")
    #expect(error?.reason == "the model's tensor is u8 [1, 4, 4, 4], the net gives u8 [1, 4, 4, 5]")
  }

  @Test func aNetOfOtherLayersIsRefused() throws {
    var graph = try twoLayers(4)
    let file = try model(graph)
    let hidden = try #require(graph.index(of: "conv0"))
    graph.values[hidden].name = "renamed"
    let error = try refusal(graph, file)
    #expect(error?.location == "renamed")
    #expect(error?.reason == "the model has no tensor 'renamed'")
  }
}

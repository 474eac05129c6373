import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

@Suite struct ConversionPlanTests {
  private func convert(_ graph: FloatGraph, change: (inout ConvertOptions) -> Void = { _ in }) throws -> Converter.Conversion {
    var options = ConvertOptions()
    change(&options)
    return try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
  }

  /// conv -> relu "unary1" -> depthwise "conv2" -> conv "conv3" -> mean -> dense "dense6".
  private func net() throws -> FloatGraph {
    var net = TestNet(seed: 5)
    let x = try net.relu(net.conv(net.input([1, 3, 6, 6]), 8))
    let hidden = try net.conv(net.conv(x, 8, kernel: 3, pad: 1, groups: 8), 6, kernel: 3)
    return try net.finish(net.dense(net.flatten(net.append(.globalAveragePool, hidden)), 5))
  }

  @Test(arguments: [(8, 0.0), (4, 0.0), (8, 0.4), (3, 0.3), (32, 0.4)]) func thePlanOfAConversionGivesTheSameModel(
    bits: Int, sparsity: Double
  ) throws {
    let graph = try net()
    let first = try convert(graph) { ($0.bits, $0.sparsity, $0.calibrator) = (bits, sparsity, .mse) }
    let second = try convert(graph) { ($0.bits, $0.plan) = (bits == 32 ? 32 : 8, first.plan) }
    #expect(try second.file.contentDigest() == first.file.contentDigest())
    #expect(second.plan == first.plan)
  }

  @Test(arguments: LoweredNet.allCases) func thePlanOfAnyNetGivesTheSameModel(net: LoweredNet) throws {
    let graph = try net.graph()
    let first = try convert(graph)
    let second = try convert(graph) { $0.plan = first.plan }
    #expect(try second.file.contentDigest() == first.file.contentDigest())
  }

  @Test func saysWhatWasDone() throws {
    let conversion = try convert(net()) { options in
      (options.bits, options.sparsity, options.pruneScope) = (4, 0.2, .layer)
      options.isExcluded = { $0 == "dense6" }
    }
    let plan = conversion.plan
    #expect(plan.layers.map(\.name) == ["unary1", "conv2", "conv3", "globalAveragePool4", "dense6"])
    #expect(plan.layers.map(\.bits) == [8, 8, 4, nil, 8])
    #expect(plan.layers.map(\.isExcluded) == [false, false, false, nil, true])
    #expect(plan.layers.map { $0.share.map { $0 > 0 } } == [false, false, true, nil, false])
    #expect(plan.layers.allSatisfy { $0.calibrator != nil && $0.output != nil })
  }

  @Test func eachLayerIsDoneAsPlanned() throws {
    let plan = ConversionPlan(layers: [
      .init(name: "unary1", bits: 2, share: 0.5, output: .s16), .init(name: "conv3", bits: 6, output: .u8),
      .init(name: "dense6", isExcluded: true),
    ])
    let conversion = try convert(net()) { ($0.bits, $0.sparsity, $0.pruneScope, $0.plan) = (4, 0.3, .layer, plan) }
    let layers = conversion.report.layers.filter { $0.weightCount > 0 }
    #expect(layers.map(\.bits) == [2, 8, 6, 8])
    let shares = conversion.plan.layers.compactMap(\.share)
    #expect(shares[0] == 0.5 && shares[1] == 0 && shares[2] > 0 && shares[3] == 0)
    let types = try Graph(conversion.file).tensors.filter { $0.constant == nil }.reduce(into: [:]) { $0[$1.name] = $1.elementType }
    #expect(types["unary1"] == .s16 && types["conv3"] == .u8)
  }

  @Test func theCalibratorOfALayerIsItsOwn() throws {
    let graph = try net()
    // A pixel unlike the others.
    var samples = (0..<400).map { graph.randomInputs(seed: $0) }
    samples[7][0][0] = 40
    func scales(_ plan: ConversionPlan) throws -> [String: Float] {
      var options = ConvertOptions()
      (options.calibrator, options.plan) = (.percentile, plan)
      let file = try Converter(options: options, samples: ArraySamples(samples)).convert(graph).file
      return try Graph(file).tensors.reduce(into: [:]) { $0[$1.name] = $1.quantization?.scale }
    }
    let common = try scales(ConversionPlan())
    let planned = try scales(ConversionPlan(layers: [.init(name: "unary1", calibrator: .minmax)]))
    #expect(common["unary1"] ?? 0 < planned["unary1"] ?? 0)
    #expect(common["conv2"] == planned["conv2"])
  }

  @Test(arguments: [
    (ConversionPlan.LayerPlan(name: "conv9"), "name", "a layer that the net has not", "one that --write-plan writes"),
    (.init(name: "conv3", bits: 9), "bits", "9", "1...8"),
    (.init(name: "conv3", share: 1), "share", "1.0", "0...0.99"),
    (.init(name: "conv3", share: -0.1), "share", "-0.1", "0...0.99"),
    (.init(name: "globalAveragePool4", bits: 8), "bits", "it for a layer of kind averagePool", "a layer with weights"),
    (.init(name: "globalAveragePool4", isExcluded: true), "excluded", "it for a layer of kind averagePool", "a layer with weights"),
    (.init(name: "conv3", bits: 4, isExcluded: true), "bits", "4", "8, as the layer is excluded"),
    (.init(name: "conv3", share: 0.5, isExcluded: true), "share", "0.5", "0, as the layer is excluded"),
  ])
  func refusesWhatDoesNotFit(layer: ConversionPlan.LayerPlan, key: String, got: String, expected: String) throws {
    let graph = try net()
    let error = try #require(throws: ConvertError.self) { try convert(graph) { $0.plan = ConversionPlan(layers: [layer]) } }
    #expect(error.code == .badPlan)
    #expect(error.description == "layer '\(layer.name)', \(key): got \(got); expected \(expected)")
  }

  @Test func refusesTypesThatOperatorsDoNotHave() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    let sum = try net.append(.concat(axis: 1), net.dense(x, 3), x)
    let graph = try net.finish(net.dense(sum, 2))
    let error = try #require(throws: ConvertError.self) {
      try convert(graph) { $0.plan = ConversionPlan(layers: [.init(name: "dense0", output: .s16)]) }
    }
    #expect(error.description == "layer 'dense0', output: got s16; expected u8, as an operator here knows no other type")
  }

  @Test func refusesTwoTypesOfOneGridAndALayerTwice() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    let joined = try net.append(.concat(axis: 1), net.dense(x, 3), net.dense(x, 2))
    let graph = net.finish(joined)
    func refusal(_ layers: [ConversionPlan.LayerPlan]) throws -> String {
      let error = try #require(throws: ConvertError.self) { try convert(graph) { $0.plan = ConversionPlan(layers: layers) } }
      return error.description
    }
    #expect(
      try refusal([.init(name: "dense0", output: .u8), .init(name: "dense1", output: .s16)])
        == "layer 'dense1', output: got s16; expected the type of 'dense0', which shares its grid")
    #expect(try refusal([.init(name: "dense0"), .init(name: "dense0")]) == "layer 'dense0', name: got it twice; expected each layer once")
  }
}

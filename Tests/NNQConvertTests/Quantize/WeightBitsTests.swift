import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct WeightBitsTests {
  /// conv of 18 weights -> depthwise of 54 -> conv of 324 -> dense of 30.
  private func bits(_ change: (inout ConvertOptions) -> Void) throws -> [Int] {
    let net = LayerGraph(try TestNet.residual())
    var options = ConvertOptions()
    options.bits = 4
    change(&options)
    let bits = WeightBits(net, options)
    return net.layers.filter { $0.weights != nil }.map { bits[$0] }
  }

  @Test func firstAndDepthwiseLayersKeepEightBits() throws {
    #expect(try bits { _ in } == [8, 8, 4, 4])
  }

  @Test func whatIsAskedForThemGoesFirst() throws {
    #expect(try bits { $0.delicateBits = 3 } == [3, 3, 4, 4])
    #expect(try bits { ($0.bits, $0.delicateBits) = (8, 6) } == [6, 6, 8, 8])
  }

  @Test func exclusionAndPlanGoBeforeBoth() throws {
    let last = try #require(LayerGraph(TestNet.residual()).layers.last { $0.weights != nil })
    let plan = ConversionPlan(layers: [.init(name: last.name, bits: 2)])
    #expect(try bits { $0.isExcluded = { $0.hasPrefix("dense") } } == [8, 8, 4, 8])
    #expect(try bits { ($0.delicateBits, $0.plan) = (5, plan) } == [5, 5, 4, 2])
  }

  @Test func aFirstLayerThatHoldsManyWeightsIsLikeOthers() throws {
    var net = TestNet(seed: 3)
    let hidden = try net.dense(net.input([1, 64]), 8)
    let graph = try LayerGraph(net.finish(net.dense(net.relu(hidden), 8)))
    var options = ConvertOptions()
    options.bits = 4
    #expect(graph.layers.filter { $0.weights != nil }.map { WeightBits(graph, options)[$0] } == [4, 4])
  }
}

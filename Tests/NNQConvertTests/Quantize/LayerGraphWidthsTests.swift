import NNQFloat
import Testing

@testable import NNQConvert

@Suite struct LayerGraphWidthsTests {
  @Test func operatorsOf8BitsReadWideValuesFromAnotherGrid() throws {
    var net = TestNet()
    let logits = try net.dense(net.input([1, 4]), 4)
    let outputs = try [net.append(.softmax(axis: 1), logits), net.dense(logits, 2), net.dense(logits, 3)]
    let layers = LayerGraph(net.finish(outputs[0], outputs[1], outputs[2]))
    var wide: Set = [logits]
    let separated = layers.separatingWidths(&wide)
    #expect(wide == [logits])
    #expect(separated.layers.map(\.kind) == ["dense", "softmax", "requantize", "dense", "dense"])
    let narrow = separated.layers[2].output
    #expect(separated.layers[2].inputs == [logits])
    #expect(separated.layers.map(\.inputs).suffix(2) == [[narrow], [narrow]])
    let plan = QuantizationPlan(
      separated, ranges: [Double](repeating: 1, count: layers.graph.values.count).map { -$0...$0 }, wide: wide, bits: WeightBits())
    #expect([logits, narrow].map { plan.grid($0).elementType } == [.s16, .u8])
  }

  @Test func wideResidualsAreAddedByALayerOfTheirOwn() throws {
    var net = TestNet()
    let x = try net.dense(net.input([1, 4]), 4)
    let added = try net.add(net.dense(x, 4), x)
    let graph = try net.finish(net.relu(added))
    let layers = LayerGraph(graph)
    let residual = layers.layers[1].output
    var wide: Set = [x, residual]
    let separated = layers.separatingWidths(&wide)
    #expect(wide == [x, residual, layers.layers[1].accumulator])
    let sum = try #require(separated.layers.last { $0.kind == "add" })
    #expect(sum.output == residual)
    #expect(sum.clamp == 0 ... .infinity)
    let product = try #require(separated.layers.first { $0.output == layers.layers[1].accumulator })
    #expect(product.residual == nil)
    #expect(product.clamp == -.infinity ... .infinity)
  }

  @Test func aNetOf8BitsStaysAsItIs() throws {
    var net = TestNet()
    let x = try net.dense(net.input([1, 4]), 4)
    let layers = LayerGraph(try net.finish(net.add(net.dense(x, 4), x)))
    var wide: Set<Int> = []
    #expect(layers.separatingWidths(&wide).layers.map(\.inputs) == layers.layers.map(\.inputs))
  }
}

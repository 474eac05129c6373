import NNQFloat
import NNQFormat
import Testing

@testable import NNQConvert

@Suite struct QuantizationPlanTests {
  private let window = FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0])

  /// A plan for which every value has the range -1...1 but those that are named.
  private func plan(_ graph: FloatGraph, _ ranges: [Int: ClosedRange<Double>] = [:]) -> QuantizationPlan {
    let net = LayerGraph(graph)
    return QuantizationPlan(net, ranges: graph.values.indices.map { ranges[$0] ?? -1...1 }, bits: WeightBits(net, ConvertOptions()))
  }

  @Test func operatorsThatMoveValuesShareOneGrid() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let pooled = try net.append(.maxPool(window), x)
    let other = try net.append(.unary(.sigmoid), pooled)
    let joined = try net.append(.concat(axis: 1), pooled, other)
    let flat = try net.flatten(joined)
    let plan = try plan(net.finish(net.append(.unary(.tanh), flat)), [x: -3...1, pooled: -1...9, other: 0...2])
    // Only the values that are computed count: x and the sigmoid.
    let shared = ActivationGrid(u8: -3...2)
    #expect([x, pooled, other, joined, flat].map { plan.grid($0) } == Array(repeating: shared, count: 5))
  }

  @Test func whatConvolutionsGiveTheUserOrSoftmaxHas16Bits() throws {
    var net = TestNet()
    let hidden = try net.conv(net.input([1, 2, 4, 4]), 2)
    let logits = try net.conv(hidden, 3)
    let softmax = try net.append(.softmax(axis: 1), logits)
    let plan = plan(net.finish(softmax, logits))
    #expect(plan.grid(hidden).elementType == .u8)
    #expect(plan.grid(logits).elementType == .s16)
    #expect(plan.grid(softmax) == ActivationGrid(.s16, scale: 0x1p-15, zeroPoint: 0))
  }

  @Test func whatOtherOperatorsReadHas8Bits() throws {
    var net = TestNet()
    let conv = try net.conv(net.input([1, 2, 4, 4]), 2)
    let flat = try net.flatten(conv)
    let plan = try plan(net.finish(net.append(.unary(.tanh), flat), flat))
    #expect([conv, flat].map { plan.grid($0).elementType } == [.u8, .u8])
  }

  @Test func whatTablesGiveTheUserHas16Bits() throws {
    var net = TestNet()
    let hidden = try net.append(.unary(.sigmoid), net.input([1, 2, 4, 4]))
    let last = try net.append(.unary(.sigmoid), hidden)
    let plan = plan(net.finish(last))
    #expect([hidden, last].map { plan.grid($0).elementType } == [.u8, .s16])
  }

  @Test func softmaxKeepsItsGridThroughMovement() throws {
    var net = TestNet()
    let softmax = try net.append(.softmax(axis: 1), net.dense(net.input([1, 2]), 4))
    let shaped = try net.reshape(softmax, [1, 4, 1])
    let plan = plan(net.finish(shaped))
    #expect(plan.grid(shaped) == plan.grid(softmax))
    #expect(plan.grid(shaped) == ActivationGrid(.s16, scale: 0x1p-15, zeroPoint: 0))
  }

  @Test func outputsAreAsCoarseAsMultipliersBelowOneNeed() throws {
    var net = TestNet()
    let x = try net.input([1, 2, 4, 4])
    let narrow = try net.conv(x, 2)
    let sum = try net.add(net.conv(narrow, 2), x)
    let graph = try net.finish(net.append(.unary(.tanh), sum))
    // Both outputs seem to be a thousand times smaller than one step of input times the largest weight.
    let plan = plan(graph, [x: -100...100, narrow: -1e-4...1e-4, sum: -1e-4...1e-4])
    let layers = LayerGraph(graph).layers
    for layer in layers {
      guard let weights = layer.weights else { continue }
      let (input, output) = (plan.grid(layer.inputs[0]), plan.grid(layer.output))
      let quantizer = WeightQuantizer(bits: 8, input: input, output: output, hasResidual: layer.residual != nil)
      #expect(output.scale >= quantizer.smallestOutputScale(for: weights))
      #expect(quantizer.quantize(weights).multipliers.allSatisfy { $0 <= 32767 })
      if let residual = layer.residual { #expect(output.scale >= plan.grid(residual).scale) }
    }
    #expect(layers.contains { $0.residual != nil })
  }
}

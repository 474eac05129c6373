import NNQFloat
import NNQFormat
import NNQGraph
import TestSupport
import Testing

@testable import NNQConvert

/// Layers with weights that read 16 bits.
@Suite struct BytewiseLoweringTests {
  private static let input = ActivationGrid(.s16, scale: 0.0001, zeroPoint: 0)
  private static let outputs = [
    ActivationGrid(s16: 2, isAccumulated: true), ActivationGrid(u8: -2...2), ActivationGrid(u8: 0...0.5),
  ]

  /// The net's layers, each reading 16 bits, lowered with weights on the nearest levels and run on one input.
  private func run(_ graph: FloatGraph, _ output: ActivationGrid, _ elements: [Int32]) throws -> (
    graph: Graph, got: [Double], exact: [Float]
  ) {
    var wide = Set(graph.inputs)
    var layers = LayerGraph(graph).separatingWidths(&wide, bytewise: wide)
    var grids = [ActivationGrid?](repeating: output, count: layers.graph.values.count)
    for value in layers.graph.values.indices where wide.contains(value) && value != graph.inputs[0] {
      grids[value] = ActivationGrid(s16: 2, isAccumulated: true)
    }
    grids[graph.inputs[0]] = Self.input
    let plan = QuantizationPlan(layers, grids: grids)
    var weights: [Int: RoundedWeights] = [:]
    for (index, layer) in layers.layers.enumerated() {
      guard let real = layer.weights else { continue }
      let quantizer = WeightQuantizer(
        bits: 8, input: Self.input, output: plan.grid(layer.output), hasResidual: layer.residual != nil)
      weights[index] = RoundedWeights(shape: real.shape, quantized: quantizer.quantize(real), bias: real.bias)
      layers.layers[index].weights?.values = weights[index]?.quantized.values ?? []
    }
    var lowering = Lowering(layers, plan: plan, weights: weights)
    let lowered = try lowering.run()
    let results = try #require(ReferenceExecutor(lowered).run([elements])[lowered.outputs[0].tensor])
    let evaluator = LayerEvaluator(layers, try FloatExecutor(layers.graph))
    var values = [graph.inputs[0]: elements.map { Float(Self.input.dequantize(Int($0))) }]
    for layer in layers.layers { values[layer.output] = evaluator.output(of: layer) { values[$0] } }
    return (lowered, results.map { output.dequantize(Int($0)) }, try #require(values[graph.outputs[0]]))
  }

  private func elements(_ count: Int, seed: UInt64) -> [Int32] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in Int32.random(in: -32768...32639, using: &random) }
  }

  /// Half a step, and what both bytes' sums lose on their grid.
  private func tolerance(_ output: ActivationGrid) -> Double { output.elementType == .s16 ? 2 * output.scale : 0.51 * output.scale }

  @Test(arguments: outputs, 0..<4 as Range<UInt64>) func sumsAreThoseOfAllSixteenBits(output: ActivationGrid, seed: UInt64) throws {
    var net = TestNet(seed: seed)
    let graph = try net.finish(net.relu(net.dense(net.input([1, 24]), 7)))
    let (lowered, got, exact) = try run(graph, output, elements(24, seed: seed).map { $0 / 4 })
    #expect(lowered.nodes.map(\.operation.name) == ["requantize", "add", "dense", "dense", "add"])
    let (low, high) = (output.dequantize(output.limits.lowerBound), output.dequantize(output.limits.upperBound))
    for (got, exact) in zip(got, exact) { #expect(abs(got - min(max(Double(exact), low), high)) <= tolerance(output)) }
  }

  @Test func bytesHaveOneSetOfWeights() throws {
    var net = TestNet()
    let x = try net.input([1, 6, 5, 4])
    let graph = try net.finish(net.conv(x, 6, kernel: 3, pad: 1, groups: 6))
    let (lowered, _, _) = try run(graph, Self.outputs[0], elements(120, seed: 1))
    let weights = lowered.nodes.filter { $0.operation.name == "conv2D" }.map { $0.inputs[1] }
    #expect(weights.count == 2 && weights[0] == weights[1])
  }

  @Test func aResidualIsAddedToTheSum() throws {
    var net = TestNet()
    let x = try net.input([1, 8])
    let graph = try net.finish(net.relu(net.add(net.dense(x, 8), x)))
    let (lowered, got, exact) = try run(graph, Self.outputs[1], elements(8, seed: 5).map { $0 / 4 })
    #expect(lowered.nodes.map(\.operation.name) == ["requantize", "add", "dense", "dense", "add", "add"])
    for (got, exact) in zip(got, exact) { #expect(abs(got - min(Double(exact), 2)) <= 0.55 * Self.outputs[1].scale) }
  }
}

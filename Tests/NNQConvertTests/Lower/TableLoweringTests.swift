import NNQFloat
import NNQGraph
import Testing

@testable import NNQConvert

@Suite struct TableLoweringTests {
  /// Softmax in 16 bits, then a function of each element: the table interpolates to within its curvature.
  @Test(arguments: [true, false], [true, false]) func tablesOfWordsInterpolate(isWide: Bool, isPerChannel: Bool) throws {
    var net = TestNet()
    let share = try net.append(.softmax(axis: 1), net.input([1, 6]))
    let scaled = try net.binary(.mul, share, net.constant(isPerChannel ? [6] : [1], isPerChannel ? [1, 2, 3, 1, 2, 3] : [2]))
    let graph = try net.finish(net.binary(.pow, scaled, net.constant([], [1.5])))
    let layers = LayerGraph(graph)
    let ranges = [ClosedRange<Double>?](repeating: -2...6, count: graph.values.count)
    let plan = QuantizationPlan(layers, ranges: ranges, wide: isWide ? [share, graph.outputs[0]] : [share], bits: WeightBits())
    var lowering = Lowering(layers, plan: plan, weights: [:])
    let integer = try lowering.run()
    #expect(integer.tensors[integer.nodes[1].inputs[1]].shape == (isPerChannel ? [6, 513] : [513]))
    #expect(integer.tensors[integer.nodes[1].outputs[0]].elementType == (isWide ? .s16 : .u8))

    let bytes: [Int32] = [0, 180, 120, 90, 181, 255]
    let inputs = bytes.map { Float(plan.grid(graph.inputs[0]).dequantize(Int($0))) }
    let expected = try FloatExecutor(graph).run(inputs: [inputs])[0]
    let result = try #require(ReferenceExecutor(integer).run([bytes])[integer.outputs[0].tensor])
    let grid = plan.grid(graph.outputs[0])
    for (y, wanted) in zip(result, expected) { #expect(abs(grid.dequantize(Int(y)) - Double(wanted)) <= 0.51 * grid.scale + 3e-4) }
  }

  /// The arc sine of -2...2, which is defined in -1...1.
  @Test func whereTheFunctionIsUndefinedItIsThatOfTheNearestArgument() throws {
    var net = TestNet()
    let graph = try net.finish(net.append(.unary(.function(.asin)), net.input([1, 6])))
    let layers = LayerGraph(graph)
    let ranges = [ClosedRange<Double>?](repeating: -2...2, count: graph.values.count)
    let plan = QuantizationPlan(layers, ranges: ranges, wide: [], bits: WeightBits())
    var lowering = Lowering(layers, plan: plan, weights: [:])
    let integer = try lowering.run()
    let inputs: [Int32] = [0, 40, 64, 191, 210, 255]
    let result = try #require(ReferenceExecutor(integer).run([inputs])[integer.outputs[0].tensor])
    let grid = plan.grid(graph.outputs[0])
    #expect(result[0] == result[2] && result[1] == result[2] && result[4] == result[3] && result[5] == result[3])
    #expect(abs(grid.dequantize(Int(result[0])) + 1.57) < 0.2 && abs(grid.dequantize(Int(result[5])) - 1.57) < 0.2)
  }

  /// Arithmetic with one constant for each channel is cheaper than a table for each.
  @Test func arithmeticByChannelIsNoTable() throws {
    var net = TestNet()
    let product = try net.relu(net.binary(.mul, net.input([1, 5, 6]), net.constant([6])))
    let graph = try net.finish(net.dense(product, 3))
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph)).convert(graph)
    #expect(try Graph(conversion.file).nodes.map(\.operation.name) == ["multiply", "dense"])
    #expect(try #require(conversion.report.agreement).sqnrDecibels >= 28)
  }
}

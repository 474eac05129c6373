import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

/// Nets of arithmetic on two activations, or one and a constant.
enum ArithmeticNet: String, CaseIterable {
  case squeezeExcite, gatedByItself, spatialAttention, outerProduct, square
  case positions, constantMinusElements, scaledElements, scaledPicture, clampedProduct
  case largerOfTwo, smallerThanConstant, quotient, constantQuotient, vectorOverRows, mask, whereLarger

  func graph() throws -> FloatGraph {
    var net = TestNet(seed: 8)
    let output = try build(&net)
    return net.finish(output)
  }

  private func build(_ net: inout TestNet) throws -> Int {
    switch self {
    case .squeezeExcite:
      let x = try net.relu(net.conv(net.input([1, 3, 6, 5]), 10))
      let squeezed = try net.relu(net.conv(net.append(.globalAveragePool, x), 4))
      let gate = try net.append(.unary(.hardSigmoid(alpha: 0.2, beta: 0.5)), net.conv(squeezed, 10))
      return try net.conv(net.append(.binary(.mul), gate, x), 6)
    case .gatedByItself:
      let x = try net.conv(net.input([1, 3, 4, 4]), 5)
      return try net.append(.binary(.mul), x, net.append(.unary(.sigmoid), net.conv(x, 5)))
    case .spatialAttention:
      let x = try net.conv(net.input([1, 3, 4, 5]), 7)
      return try net.append(.binary(.mul), x, net.append(.unary(.sigmoid), net.conv(x, 1)))
    case .outerProduct:
      return try net.append(.binary(.mul), net.input([1, 6, 1], name: "a"), net.input([1, 1, 7], name: "b"))
    case .square:
      let x = try net.dense(net.input([1, 9]), 8)
      return try net.append(.binary(.mul), x, x)
    case .positions: return try net.add(net.dense(net.input([1, 5, 6]), 8), net.constant([1, 5, 8]))
    case .constantMinusElements: return try net.append(.binary(.sub), net.constant([4, 5]), net.conv(net.input([1, 3, 4, 5]), 6))
    case .scaledElements: return try net.append(.binary(.mul), net.constant([6, 1]), net.input([1, 5, 6, 7]))
    case .scaledPicture: return try net.append(.binary(.mul), net.conv(net.input([1, 3, 4, 5]), 6), net.constant([1, 6, 4, 5]))
    case .clampedProduct:
      let x = try net.input([1, 4, 6])
      return try net.append(.unary(.clip(lo: -0.1, hi: 0.3)), net.append(.binary(.mul), x, net.dense(x, 6)))
    case .largerOfTwo:
      let x = try net.input([1, 3, 4, 4])
      return try net.append(.binary(.maximum), net.conv(x, 5), net.conv(x, 1))
    case .smallerThanConstant: return try net.append(.binary(.minimum), net.constant([1, 4, 5], magnitude: 0.4), net.input([1, 3, 4, 5]))
    case .quotient:
      let x = try net.input([1, 3, 4, 4])
      let divisor = try net.add(net.append(.unary(.sigmoid), net.conv(x, 3)), net.constant([1], [0.5]))
      return try net.append(.binary(.div), x, divisor)
    case .constantQuotient:
      let divisor = try net.constant([5, 6], (0..<30).map { 0.5 + Float($0) / 20 })
      return try net.append(.binary(.div), net.dense(net.input([1, 5, 6]), 6), divisor)
    case .vectorOverRows:
      return try net.append(.binary(.sub), net.input([1, 5, 8], name: "a"), net.dense(net.input([1, 8], name: "b"), 8))
    case .whereLarger:
      let (a, b) = (try net.input([1, 5, 8], name: "a"), try net.input([1, 8], name: "b"))
      return try net.append(.binary(.mask), net.append(.binary(.sub), a, b), net.append(.binary(.less), b, a))
    case .mask:
      let scores = try net.dense(net.input([1, 2, 6, 8]), 6)
      let mask = (0..<36).map { $0 % 6 > $0 / 6 ? -Float.infinity : 0 }
      return try net.append(.softmax(axis: 3), net.add(scores, net.constant([1, 1, 6, 6], mask)))
    }
  }

  /// Decibels, as in `LoweredNet`. A quotient keeps fewer: its divisor is rounded before the reciprocal.
  var leastDecibels: Double { self == .quotient ? 25 : 30 }
}

@Suite struct ArithmeticLoweringTests {
  private func conversion(_ net: ArithmeticNet) throws -> Converter.Conversion {
    let graph = try net.graph()
    var options = ConvertOptions()
    options.calibrator = .minmax
    return try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
  }

  @Test(arguments: ArithmeticNet.allCases) func outputsAreCloseToTheFloatNets(net: ArithmeticNet) throws {
    let conversion = try conversion(net)
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels >= net.leastDecibels, "\(decibels) dB")
    let selfTest = try #require(conversion.file.selfTest)
    #expect(try ReferenceExecutor(Graph(conversion.file)).selfTestDigest(seed: selfTest.seed) == selfTest.outputDigest)
  }

  private func words(_ net: ArithmeticNet) throws -> [String] { try Graph(conversion(net).file).nodes.map(\.operation.name) }

  @Test func theRepeatedOperandIsTheSecond() throws {
    let graph = try Graph(conversion(.squeezeExcite).file)
    let product = try #require(graph.nodes.first { $0.operation.name == "multiply" })
    #expect(product.inputs.map { graph.tensors[$0].shape } == [[1, 6, 5, 10], [1, 1, 1, 10]])
  }

  /// As a detector's strides: large factors stand where the other operand is small, so that the product's grid is finer than
  /// the largest element of each operand would ask for.
  @Test func productsMayHaveAFinerGridThanTheirOperandsAllow() throws {
    var net = TestNet()
    let x = try net.input([1, 4, 3])
    let graph = net.finish(try net.append(.binary(.mul), x, net.constant([4, 1], [1, 2, 4, 32])))
    let (input, output) = (ActivationGrid(.s16, scale: 0.005, zeroPoint: 0), ActivationGrid(.s16, scale: 0.02, zeroPoint: 0))
    let layers = LayerGraph(graph)
    var grids = [ActivationGrid?](repeating: nil, count: graph.values.count)
    (grids[graph.inputs[0]], grids[graph.outputs[0]]) = (input, output)
    var lowering = Lowering(layers, plan: QuantizationPlan(layers, grids: grids), weights: [:])
    let lowered = try lowering.run()
    #expect(lowered.nodes.map(\.operation.name) == ["multiply", "requantize"])
    let elements: [Int32] = [32000, -32000, 77, 30000, -1, 0, 12000, -9000, 3, 3900, -3900, 100]
    let results = try #require(ReferenceExecutor(lowered).run([elements])[lowered.outputs[0].tensor])
    for (index, element) in elements.enumerated() {
      let exact = input.dequantize(Int(element)) * [1, 2, 4, 32][index / 3]
      #expect(abs(output.dequantize(Int(results[index])) - exact) < 0.1, "element \(index)")
    }
  }

  @Test func clampsAreFused() throws {
    #expect(try words(.clampedProduct) == ["dense", "multiply"])
  }

  @Test func constantsKeepTheirOwnExtents() throws {
    let graph = try Graph(conversion(.scaledElements).file)
    let constants = graph.tensors.filter { $0.constant != nil }
    #expect(constants.map(\.elementType) == [.s16])
    #expect(constants.map(\.elementCount) == [6])
  }
}

/// Multipliers and shifts from scales. Spec: operators.md 3.1, 3.13, 3.15 and 6.1.
@Suite struct ArithmeticParameterTests {
  private static let u8 = ActivationGrid(.u8, scale: 0.02, zeroPoint: 100)
  private static let s16 = ActivationGrid(.s16, scale: 0.0005, zeroPoint: 0)

  /// The real product's distance from what integers give is at most 0.52 steps.
  @Test(arguments: [0.001, 0.013, 0.02, 0.3]) func productsAreRoundedToTheNearest(outputScale: Double) throws {
    for (a, b) in [(Self.u8, Self.u8), (Self.u8, Self.s16)] {
      let output = ActivationGrid(.u8, scale: max(outputScale, Multiply.smallestOutputScale(a, b)), zeroPoint: 7)
      let multiply = Multiply(a, b, output, 0...255)
      let left = Array(stride(from: a.limits.lowerBound, through: a.limits.upperBound, by: a.elementType == .u8 ? 15 : 4369))
      let right = Array(stride(from: b.limits.lowerBound, through: b.limits.upperBound, by: b.elementType == .u8 ? 15 : 4369))
      let results = try integers(.multiply(multiply), a, left, b, right, output)
      for (i, x) in left.enumerated() {
        for (j, y) in right.enumerated() {
          let exact = a.dequantize(x) * b.dequantize(y) / output.scale + 7
          let error = Double(results[i * right.count + j]) - min(max(exact, 0), 255)
          #expect(abs(error) <= 0.52, "\(x), \(y): \(exact)")
        }
      }
    }
  }

  /// Both multipliers have 16 bits after the point: 2^15 steps of the second operand may be a quarter of a step off.
  @Test func sumsAreRoundedToTheNearest() throws {
    let output = ActivationGrid(.u8, scale: 0.05, zeroPoint: 120)
    let add = Add(Self.u8, Self.s16, output, 0...255, signB: -1)
    let left = Array(stride(from: 0, through: 255, by: 15))
    let right = Array(stride(from: -32768, through: 32767, by: 4369))
    let results = try integers(.add(add), Self.u8, left, Self.s16, right, output)
    for (i, x) in left.enumerated() {
      for (j, y) in right.enumerated() {
        let exact = (Self.u8.dequantize(x) - Self.s16.dequantize(y)) / output.scale + 120
        #expect(abs(Double(results[i * right.count + j]) - min(max(exact, 0), 255)) <= 0.55, "\(x), \(y)")
      }
    }
  }

  /// a, N,L,1, with b, N,1,M.
  private func integers(
    _ operation: NNQGraph.Operation, _ a: ActivationGrid, _ left: [Int], _ b: ActivationGrid, _ right: [Int], _ y: ActivationGrid
  ) throws -> [Int32] {
    let shapes = [[1, left.count, 1], [1, 1, right.count], [1, left.count, right.count]]
    let tensors = zip([a, b, y], shapes).enumerated().map { index, tensor in
      Tensor(name: "t\(index)", elementType: tensor.0.elementType, shape: tensor.1, quantization: tensor.0.quantization)
    }
    let ports = (0..<3).map { Port(tensor: $0, layout: .asStored) }
    let graph = Graph(
      tensors: tensors, nodes: [Node(operation, inputs: [0, 1], outputs: [2])], inputs: Array(ports[..<2]), outputs: [ports[2]])
    try graph.validate()
    return try #require(ReferenceExecutor(graph).run([left.map(Int32.init), right.map(Int32.init)])[2])
  }
}

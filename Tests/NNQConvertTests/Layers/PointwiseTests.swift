import NNQFloat
import NNQGraph
import Testing

@testable import NNQConvert

/// Spellings of functions of one activation, as exporters write them; x is a convolution's output.
enum Spelling: String, CaseIterable {
  case silu, hardSwishOfClip, hardSwishOfHardSigmoid, hardSwishOperator, geluErf, geluTanh, mish, prelu, preluOfRelu, leakyRelu
  case relu6, divided, power, unfoldedAffine, softplusOfLogs, hardSwishOfMaximum, doubled

  func append(to net: inout TestNet, _ x: Int) throws -> Int {
    switch self {
    case .silu: return try net.binary(.mul, x, net.append(.unary(.sigmoid), x))
    case .hardSwishOfClip:
      let clipped = try net.append(.unary(.clip(lo: 0, hi: 6)), net.add(x, net.constant([], [3])))
      return try net.binary(.div, net.binary(.mul, x, clipped), net.constant([], [6]))
    case .hardSwishOfHardSigmoid: return try net.binary(.mul, net.append(.unary(.hardSigmoid(alpha: 1 / 6, beta: 0.5)), x), x)
    case .hardSwishOperator: return try net.append(.unary(.hardSwish), x)
    case .hardSwishOfMaximum:
      let clipped = try net.append(.unary(.clip(lo: -.greatestFiniteMagnitude, hi: 6)), net.relu(net.add(net.constant([1], [3]), x)))
      return try net.binary(.mul, x, net.binary(.mul, clipped, net.constant([1, 1, 1, 1], [1 / 6])))
    case .geluErf:
      let erf = try net.append(.unary(.function(.erf)), net.binary(.div, x, net.constant([], [Float(2).squareRoot()])))
      let product = try net.binary(.mul, x, net.add(erf, net.constant([], [1])))
      return try net.binary(.mul, product, net.constant([], [0.5]))
    case .geluTanh:
      let cube = try net.binary(.mul, net.binary(.pow, x, net.constant([], [3])), net.constant([], [0.044715]))
      let argument = try net.binary(.mul, net.add(x, cube), net.constant([], [0.7978845608]))
      let factor = try net.add(net.append(.unary(.tanh), argument), net.constant([], [1]))
      return try net.binary(.mul, net.binary(.mul, net.constant([], [0.5]), x), factor)
    case .mish: return try net.binary(.mul, x, net.append(.unary(.tanh), net.append(.unary(.function(.softplus)), x)))
    case .softplusOfLogs:
      let exponential = try net.append(.unary(.function(.exp)), x)
      return try net.append(.unary(.function(.log)), net.add(exponential, net.constant([], [1])))
    case .prelu: return try net.binary(.prelu, x, net.constant([5, 1, 1], [0.1, 0.2, -0.3, 0.4, 0]))
    case .preluOfRelu:
      let negative = try net.relu(net.append(.unary(.function(.neg)), x))
      return try net.binary(.sub, net.relu(x), net.binary(.mul, net.constant([5, 1, 1], [0.1, 0.2, -0.3, 0.4, 0]), negative))
    case .leakyRelu: return try net.append(.unary(.leakyRelu(alpha: 0.1)), x)
    case .relu6: return try net.append(.unary(.clip(lo: 0, hi: 6)), net.binary(.mul, x, x))
    case .divided:
      return try net.binary(.div, net.constant([], [2]), net.add(net.append(.unary(.function(.exp)), x), net.constant([], [1])))
    case .power: return try net.binary(.pow, net.append(.unary(.function(.abs)), x), net.constant([], [1.5]))
    case .unfoldedAffine:
      let scaled = try net.binary(.mul, net.append(.unary(.tanh), x), net.constant([1, 5, 1, 1], [1, 2, -1, 0.5, 3]))
      return try net.binary(.sub, scaled, net.constant([5, 1, 1], [0.1, 0.2, 0.3, 0.4, 0.5]))
    case .doubled: return try net.add(x, x)
    }
  }

  func graph(channelCount: Int = 5) throws -> FloatGraph {
    var net = TestNet(seed: 5)
    let x = try net.conv(net.input([1, 3, 6, 6]), channelCount)
    let y = try append(to: &net, x)
    return try net.finish(net.conv(y, 4))
  }
}

@Suite struct PointwiseTests {
  private func kinds(_ graph: FloatGraph) -> [String] { LayerGraph(graph).layers.map(\.kind) }

  @Test(arguments: Spelling.allCases) func everySpellingIsOneTable(spelling: Spelling) throws {
    var graph = try spelling.graph()
    let source = graph
    _ = graph.simplify()
    #expect(kinds(graph) == ["conv", "table", "conv"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test(arguments: Spelling.allCases) func integersAreCloseToTheFloatNet(spelling: Spelling) throws {
    let graph = try spelling.graph()
    var options = ConvertOptions()
    options.calibrator = .minmax
    let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
    let integer = try Graph(conversion.file)
    #expect(integer.nodes.map(\.operation.name) == ["conv2D", "table", "conv2D"])
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels >= 28, "\(decibels) dB")
    #expect(ReferenceExecutor(integer).selfTestDigest(seed: 0) == conversion.file.selfTest?.outputDigest)
  }

  /// A float file keeps the nodes, so that it becomes the same integers.
  @Test(arguments: Spelling.allCases) func floatFilesFuseAgain(spelling: Spelling) throws {
    let graph = try spelling.graph()
    var options = ConvertOptions()
    func convert(_ source: FloatGraph, bits: Int) throws -> Converter.Conversion {
      options.bits = bits
      return try Converter(options: options, samples: ArraySamples(graph, count: 2)).convert(source)
    }
    let float = try FloatGraph(convert(graph, bits: 32).file)
    #expect(try convert(float, bits: 8).file.contentDigest() == convert(graph, bits: 8).file.contentDigest())
  }

  @Test func constantsOfOneChannelEachMakeATableForEach() throws {
    let graph = try Spelling.prelu.graph()
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph, count: 2)).convert(graph)
    let integer = try Graph(conversion.file)
    #expect(integer.tensors[integer.nodes[1].inputs[1]].shape == [5, 256])
  }

  /// What a convolution takes in for nothing stays with it.
  @Test func clampsAndAffineArithmeticGoToTheConvolution() throws {
    var net = TestNet()
    let scaled = try net.binary(.mul, net.conv(net.input([1, 3, 4, 4]), 4), net.constant([4, 1, 1]))
    let clamped = try net.relu(net.add(scaled, net.constant([], [0.5])))
    var graph = try net.finish(net.binary(.mul, clamped, net.append(.unary(.sigmoid), clamped)))
    _ = graph.simplify()
    let layers = LayerGraph(graph).layers
    #expect(layers.map(\.kind) == ["conv", "table"])
    #expect(layers[0].clamp == 0 ... .infinity)
  }

  @Test func affineArithmeticBeforeAFunctionIsADepthwiseConvolution() throws {
    var net = TestNet()
    let normal = try net.batchNormalization(net.binary(.mul, net.input([1, 3, 4, 4]), net.constant([], [0.25])))
    let source = try net.finish(net.binary(.mul, normal, net.append(.unary(.sigmoid), normal)))
    var graph = source
    _ = graph.simplify()
    #expect(kinds(graph) == ["depthwise", "table"])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  @Test func constantsForEachElementAreNoTable() throws {
    var net = TestNet()
    #expect(try kinds(net.finish(net.add(net.input([1, 3, 4, 4]), net.constant([1, 3, 4, 4])))) == ["add"])
  }

  @Test func batchNormalizationOfVectorsIsATable() throws {
    var net = TestNet()
    let graph = try net.finish(net.dense(net.batchNormalization(net.input([1, 4])), 3))
    #expect(kinds(graph) == ["table", "dense"])
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph)).convert(graph)
    #expect(try #require(conversion.report.agreement).sqnrDecibels >= 28)
  }

  /// Small elements beside a large one need 16 bits: a table of them interpolates, for s16 and for u8.
  @Test(arguments: [true, false]) func tablesOfWordsInterpolate(isLast: Bool) throws {
    var net = TestNet()
    let weights = (0..<56).map { Float($0 % 5 - 2) * ($0 < 8 ? 10 : 0.5) }
    let sums = try net.append(.dense, net.input([1, 8]), net.constant([7, 8], weights))
    let small = try net.append(.slice(begin: [0, 1], step: [1, 1]), sums, shape: [1, 6])
    let bent = try net.binary(.mul, net.append(.unary(.tanh), small), net.constant([6]))
    let graph = try net.finish(isLast ? bent : net.dense(bent, 3))
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph)).convert(graph)
    let integer = try Graph(conversion.file)
    #expect(integer.tensors[integer.nodes[2].inputs[1]].shape == [6, 513])
    #expect(integer.tensors[integer.nodes[2].outputs[0]].elementType == (isLast ? .s16 : .u8))
    #expect(try #require(conversion.report.agreement).sqnrDecibels >= 28)
    #expect(ReferenceExecutor(integer).selfTestDigest(seed: 0) == conversion.file.selfTest?.outputDigest)
  }

  @Test func valuesThatOthersReadAreKept() throws {
    var net = TestNet()
    let x = try net.input([1, 4])
    let sigmoid = try net.append(.unary(.sigmoid), x)
    let silu = try net.binary(.mul, x, sigmoid)
    #expect(kinds(net.finish(silu, sigmoid)) == ["table", "mul"])
    let hidden = try net.dense(sigmoid, 3)
    #expect(kinds(net.finish(silu, hidden)) == ["table", "mul", "dense"])
  }

  @Test func functionsOfTwoActivationsStayApart() throws {
    var net = TestNet()
    let (a, b) = (try net.input([1, 4], name: "a"), try net.input([1, 4], name: "b"))
    let product = try net.binary(.mul, net.append(.unary(.tanh), net.append(.unary(.sigmoid), a)), b)
    let layers = try LayerGraph(net.finish(net.append(.unary(.tanh), product))).layers
    #expect(layers.map(\.kind) == ["table", "mul", "table"])
    #expect(layers[0].pointwise?.nodes.map(\.operation) == [.unary(.sigmoid), .unary(.tanh)])
    #expect(layers[0].inputs == [a])
  }

  /// One number for each column and for each channel, one after the other; and one for each element.
  @Test func constantsAlongTwoAxesStayApart() throws {
    var net = TestNet()
    let x = try net.input([1, 3, 4, 4])
    let rows = try net.binary(.pow, x, net.constant([1, 1, 1, 4], [1, 2, 3, 2]))
    let both = try net.binary(.prelu, rows, net.constant([3, 1, 1], [1, 2, 3]))
    let layers = LayerGraph(net.finish(both)).layers
    #expect(layers.map(\.pointwise?.channelAxis) == [3, 1])
  }
}

extension TestNet {
  mutating func binary(_ function: FloatBinary, _ a: Int, _ b: Int) throws -> Int { try append(.binary(function), a, b) }
}

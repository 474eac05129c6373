import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

/// Small nets that between them hold every layer an integer graph can express.
enum LoweredNet: String, CaseIterable {
  case classifier, residual, projectedResidual, grouped, channelsLastInput, flattenedPicture, poolThenFlatten
  case paddedShortcut, averagePools, softmax, softmaxOverChannels, reshapedSoftmax, sigmoid, hardSwish, leakyRelu, hardSigmoid
  case branches, differences, scalars, vectorToPicture, channelsLastOutput, twoInputs, sequence, loneBatchNormalization
  case clampedScalarSum, narrowedRange, normalizedInput
  case products, repeatedProducts, layerNorm, channelNorm, rootMeanSquare, sums, extremes, softmaxOverRows

  func graph() throws -> FloatGraph {
    var net = TestNet(seed: 21)
    let output = try build(&net)
    return net.finish(output)
  }

  private func build(_ net: inout TestNet) throws -> Int {
    switch self {
    case .classifier:
      let hidden = try net.relu(net.conv(net.input([1, 3, 9, 8]), 8, kernel: 3, stride: 2, pad: 1))
      return try net.dense(net.flatten(net.append(.globalAveragePool, hidden)), 5)
    case .residual:
      let x = try net.relu(net.conv(net.input([1, 3, 6, 6]), 6))
      return try net.conv(net.relu(net.add(net.conv(net.relu(net.conv(x, 6, kernel: 3, pad: 1)), 6), x)), 4)
    case .projectedResidual:
      let x = try net.input([1, 4, 6, 6])
      return try net.add(net.conv(x, 5, stride: 2), net.conv(x, 5, kernel: 3, stride: 2, pad: 1))
    case .grouped:
      let depthwise = try net.conv(net.input([1, 6, 8, 8]), 6, kernel: 3, pad: 1, groups: 6)
      return try net.conv(net.append(.unary(.clip(lo: 0, hi: 6)), depthwise), 4, kernel: 2, dilation: 2, groups: 2)
    case .channelsLastInput:
      let planar = try net.append(.transpose(permutation: [0, 3, 1, 2]), net.input([1, 5, 6, 3]))
      return try net.relu(net.conv(planar, 4, kernel: 3))
    case .flattenedPicture:
      return try net.dense(net.flatten(net.relu(net.conv(net.input([1, 2, 5, 4]), 3, kernel: 2))), 4)
    case .poolThenFlatten:
      let pooled = try net.append(.maxPool(Self.window(3, stride: 2, pad: 1)), net.conv(net.input([1, 2, 8, 8]), 3))
      return try net.dense(net.relu(net.dense(net.flatten(pooled), 8)), 4)
    case .paddedShortcut:
      let x = try net.relu(net.conv(net.input([1, 3, 6, 6]), 4))
      let half = try net.append(.slice(begin: [0, 0, 0, 0], step: [1, 1, 2, 2]), x, shape: [1, 4, 3, 3])
      let shortcut = try net.append(.pad(before: [0, 2, 0, 0], after: [0, 2, 0, 0], value: 0), half)
      return try net.relu(net.add(net.conv(x, 8, kernel: 3, stride: 2, pad: 1), shortcut))
    case .averagePools:
      let x = try net.conv(net.input([1, 3, 8, 8]), 4)
      let without = try net.append(.averagePool(Self.window(3, stride: 1, pad: 1), countIncludePad: false), x)
      return try net.append(.averagePool(Self.window(2, stride: 2, pad: 1), countIncludePad: true), without)
    case .softmax: return try net.append(.softmax(axis: 1), net.dense(net.input([1, 8]), 6))
    case .softmaxOverChannels: return try net.append(.softmax(axis: 1), net.conv(net.input([1, 3, 4, 4]), 5))
    case .reshapedSoftmax: return try net.reshape(net.append(.softmax(axis: 1), net.dense(net.input([1, 8]), 6)), [1, 3, 2])
    case .sigmoid: return try net.append(.unary(.sigmoid), net.conv(net.input([1, 3, 4, 4]), 5))
    case .hardSwish: return try net.conv(net.append(.unary(.hardSwish), net.conv(net.input([1, 3, 4, 4]), 5)), 4)
    case .leakyRelu: return try net.append(.unary(.leakyRelu(alpha: 0.1)), net.conv(net.input([1, 3, 4, 4]), 5))
    case .hardSigmoid: return try net.append(.unary(.hardSigmoid(alpha: 0.2, beta: 0.5)), net.append(.unary(.tanh), net.input([1, 9])))
    case .branches:
      let x = try net.relu(net.conv(net.input([1, 3, 6, 6]), 4))
      let pooled = try net.append(.maxPool(Self.window(3, stride: 1, pad: 1)), x)
      return try net.conv(net.append(.concat(axis: 1), x, pooled, net.conv(x, 3)), 4)
    case .differences:
      let x = try net.input([1, 3, 4, 4])
      let pooled = try net.append(.maxPool(Self.window(3, stride: 1, pad: 1)), x)
      return try net.append(.binary(.sub), net.add(x, x), net.append(.unary(.sigmoid), pooled))
    case .scalars:
      let x = try net.append(.binary(.mul), net.input([1, 9]), net.constant([], [3]))
      return try net.append(.binary(.sub), net.constant([1], [0.5]), net.append(.binary(.div), x, net.constant([1], [4])))
    case .vectorToPicture: return try net.conv(net.reshape(net.input([1, 36]), [1, 1, 6, 6]), 3, kernel: 3)
    case .channelsLastOutput: return try net.append(.transpose(permutation: [0, 2, 3, 1]), net.conv(net.input([1, 3, 4, 5]), 6))
    case .twoInputs:
      let (a, b) = (try net.input([1, 3, 4, 4], name: "a"), try net.input([1, 2, 4, 4], name: "b"))
      return try net.conv(net.append(.concat(axis: 1), a, b), 4)
    case .sequence: return try net.dense(net.relu(net.dense(net.input([1, 5, 6]), 8)), 4)
    case .loneBatchNormalization: return try net.relu(net.batchNormalization(net.input([1, 3, 4, 4])))
    case .clampedScalarSum:
      let x = try net.input([1, 2, 4, 4])
      let clamped = try net.relu(net.add(x, net.constant([1], [-0.25])))
      return try net.append(.concat(axis: 1), x, clamped)
    case .products:
      let x = try net.dense(net.input([1, 5, 6]), 8)
      return try net.append(
        .matMul(scale: 1),
        net.append(.softmax(axis: 2), net.append(.matMul(scale: 1), x, net.append(.transpose(permutation: [0, 2, 1]), x))), x)
    case .repeatedProducts:
      let x = try net.dense(net.input([1, 6, 8]), 8)
      return try net.append(.matMul(scale: 1), net.reshape(x, [1, 3, 2, 8]), net.reshape(net.dense(x, 4), [8, 3]))
    case .layerNorm: return try net.dense(Self.norm(net.dense(net.input([1, 5, 6]), 12), mean: true, &net), 4)
    case .channelNorm:
      let rows = try net.append(.transpose(permutation: [0, 2, 3, 1]), net.conv(net.input([1, 3, 4, 4]), 12))
      return try net.conv(net.append(.transpose(permutation: [0, 3, 1, 2]), Self.norm(rows, mean: true, &net)), 4)
    case .rootMeanSquare: return try Self.norm(net.dense(net.input([1, 5, 6]), 12), mean: false, &net)
    case .sums:
      let x = try net.relu(net.conv(net.input([1, 3, 5, 4]), 6))
      return try net.append(.reduce(.mean, axes: [1]), net.append(.reduce(.sum, axes: [2]), x))
    case .extremes:
      let x = try net.conv(net.input([1, 3, 5, 4]), 6)
      return try net.append(.binary(.sub), net.append(.reduce(.max, axes: [1, 3]), x), net.append(.reduce(.min, axes: [1, 3]), x))
    case .softmaxOverRows: return try net.append(.softmax(axis: 2), net.conv(net.input([1, 3, 4, 4]), 5))
    case .normalizedInput:
      let centred = try net.append(.binary(.sub), net.input([1, 3, 5, 5]), net.constant([1, 3, 1, 1], [0.5, 0.4, -0.2]))
      return try net.conv(net.append(.binary(.div), centred, net.constant([1, 3, 1, 1], [0.2, 0.3, 0.25])), 4, kernel: 3, pad: 1)
    case .narrowedRange:
      // The clip leaves a hundredth of the range, so that the grid must be coarser than it asks for.
      let clipped = try net.append(.unary(.clip(lo: 0, hi: 0.02)), net.conv(net.input([1, 3, 4, 4]), 4))
      return try net.append(.binary(.mul), clipped, net.constant([1], [50]))
    }
  }

  private static func norm(_ x: Int, mean: Bool, _ net: inout TestNet) throws -> Int {
    let count = net.graph.values[x].shape.last ?? 1
    let norm = FloatLayerNorm(subtractsMean: mean, epsilon: 1e-3)
    return try net.append(.layerNormalization(norm), x, net.constant([count]), net.constant([count]))
  }

  private static func window(_ kernel: Int, stride: Int, pad: Int) -> FloatWindow {
    FloatWindow(kernel: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad])
  }

  /// Signal to quantisation noise that 8 bits must leave, in decibels. Two bits of a step are lost by each layer at most;
  /// clipping to one or two steps leaves little.
  var leastDecibels: Double { self == .narrowedRange ? 8 : 28 }
}

@Suite struct LoweringTests {
  /// The converter has validated the graph and run it through the runtime; the reference executor agrees bit for bit.
  @Test(arguments: LoweredNet.allCases) func outputsAreCloseToTheFloatNets(net: LoweredNet) throws {
    let graph = try net.graph()
    var options = ConvertOptions()
    options.calibrator = .minmax
    let conversion = try Converter(options: options, samples: ArraySamples(graph)).convert(graph)
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels >= net.leastDecibels, "\(decibels) dB")
    let selfTest = try #require(conversion.file.selfTest)
    #expect(try ReferenceExecutor(Graph(conversion.file)).selfTestDigest(seed: selfTest.seed) == selfTest.outputDigest)
  }

  /// The integer graph that a net becomes.
  private func lowered(_ net: LoweredNet) throws -> Graph {
    let graph = try net.graph()
    return try Graph(Converter(options: ConvertOptions(), samples: ArraySamples(graph, count: 2)).convert(graph).file)
  }

  private func words(_ graph: Graph) -> [String] { graph.nodes.map { String("\($0.operation)".prefix { $0 != "(" }) } }

  @Test func transposingTheInputCostsNothing() throws {
    let graph = try lowered(.channelsLastInput)
    #expect(words(graph) == ["conv2D"])
    #expect(graph.inputs.map(\.layout) == [.asStored])
    #expect(graph.tensors[graph.inputs[0].tensor].shape == [1, 5, 6, 3])
  }

  @Test func picturesAreHeldChannelsLast() throws {
    let graph = try lowered(.flattenedPicture)
    #expect(words(graph) == ["conv2D", "reshape", "dense"], "the weights follow the order of the picture in memory")
    #expect(graph.inputs.map(\.layout) == [.channelsFirst])
    #expect(graph.tensors[graph.inputs[0].tensor].shape == [1, 5, 4, 2])
  }

  @Test func residualsAndClampsTakeNoNodes() throws {
    #expect(words(try lowered(.residual)) == ["conv2D", "conv2D", "conv2D", "conv2D"])
  }

  @Test func constantsOfOneTypeLieTogether() throws {
    let types = try lowered(.classifier).tensors.filter { $0.constant != nil }.map(\.elementType.rawValue)
    #expect(types == types.sorted())
  }
}

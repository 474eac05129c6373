import NNQFloat
import NNQGraph
import TestSupport
import Testing

@testable import NNQConvert

/// Elements arrive where the float net puts them, with as few moves as memory allows.
@Suite struct MovementLoweringTests {
  private func convert(_ graph: FloatGraph) throws -> Converter.Conversion {
    var options = ConvertOptions()
    options.calibrator = .minmax
    return try Converter(options: options, samples: ArraySamples(graph, count: 3)).convert(graph)
  }

  /// The operators of the integer graph, after a check that its outputs are the float net's.
  private func words(
    decibels least: Double = 28, seed: UInt64 = 3, _ build: (inout TestNet) throws -> Int
  ) throws -> [String] {
    var net = TestNet(seed: seed)
    let output = try build(&net)
    let conversion = try convert(net.finish(output))
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    #expect(decibels >= least, "\(decibels) dB")
    return try Graph(conversion.file).nodes.map(\.operation.name)
  }

  @Test func flattenedPicturesArePutInOrderForTheUser() throws {
    #expect(try words { net in try net.flatten(net.conv(net.input([1, 2, 4, 4]), 2)) } == ["conv2D", "reshape", "transpose", "reshape"])
  }

  @Test func transposedPicturesAreConvolved() throws {
    let words = try words { net in
      let x = try net.relu(net.conv(net.input([1, 2, 4, 5]), 3))
      return try net.conv(net.append(.transpose(permutation: [0, 3, 1, 2]), x), 2, kernel: 2)
    }
    #expect(words.filter { $0 == "transpose" || $0 == "take" }.count == 1)
  }

  /// A detection head: one row of 7 numbers for each anchor and pixel.
  @Test func headsTransposeOnce() throws {
    let words = try words { net in
      let head = try net.reshape(net.conv(net.input([1, 4, 5, 6]), 21), [1, 3, 7, 5, 6])
      let rows = try net.append(.unary(.sigmoid), net.append(.transpose(permutation: [0, 1, 3, 4, 2]), head))
      return try net.reshape(rows, [1, 90, 7])
    }
    #expect(words == ["conv2D", "table", "reshape", "transpose", "reshape"])
  }

  private func shuffled(_ net: inout TestNet, _ x: Int, groups: Int) throws -> Int {
    let shape = net.graph.values[x].shape
    let grouped = try net.reshape(x, [1, groups, shape[1] / groups, shape[2], shape[3]])
    return try net.reshape(net.append(.transpose(permutation: [0, 2, 1, 3, 4]), grouped), shape)
  }

  @Test func shuffledChannelsCostNothingBeforeAConvolution() throws {
    let words = try words { net in
      let x = try net.relu(net.conv(net.input([1, 4, 5, 5]), 6, kernel: 3))
      return try net.conv(shuffled(&net, x, groups: 2), 4, kernel: 2)
    }
    #expect(words == ["conv2D", "conv2D"])
  }

  @Test func shuffledChannelsAreGatheredWhereTheirOrderMatters() throws {
    let words = try words { net in
      let x = try net.relu(net.conv(net.input([1, 4, 5, 5]), 6, kernel: 3))
      return try net.conv(shuffled(&net, x, groups: 3), 6, kernel: 2, groups: 6)
    }
    #expect(words == ["conv2D", "take", "conv2D"])
  }

  /// Queries, keys and values of an attention in one dense layer, with the batch moved to axis 1 and heads before tokens.
  @Test func partsOfAnAttentionAreSliced() throws {
    let words = try words { net in
      let all = try net.reshape(net.dense(net.input([1, 5, 8]), 24), [1, 5, 3, 2, 4])
      let moved = try net.append(.transpose(permutation: [2, 0, 3, 1, 4]), all)
      let keys = try net.append(.slice(begin: [1, 0, 0, 0, 0], step: [1, 1, 1, 1, 1]), moved, shape: [1, 1, 2, 5, 4])
      return try net.reshape(keys, [1, 2, 5, 4])
    }
    #expect(words.filter { $0 == "transpose" || $0 == "take" }.count == 1)
    #expect(words.filter { $0 == "slice" }.count == 1)
  }

  /// Bins of a distribution for each side of a box, and their mean by a 1x1 convolution that does not mind where pixels are.
  @Test func flattenedHeadsStayWhereTheyAre() throws {
    func bins(_ net: inout TestNet) throws -> Int {
      let head = try net.reshape(net.conv(net.input([1, 4, 3, 5]), 8), [1, 2, 4, 15])
      return try net.append(.transpose(permutation: [0, 2, 1, 3]), head)
    }
    let mean = try words { net in try net.reshape(net.conv(net.append(.unary(.sigmoid), bins(&net)), 1), [1, 2, 15]) }
    #expect(mean.filter { $0 == "transpose" || $0 == "take" }.count <= 1, "for the user alone")
    let softmax = try words { net in try net.append(.softmax(axis: 1), bins(&net)) }
    #expect(softmax.firstIndex(of: "softmax") ?? 0 < softmax.firstIndex(of: "transpose") ?? 0)
  }

  @Test func resizedPicturesStayWhereTheyAre() throws {
    let words = try words { net in
      let x = try net.conv(net.input([1, 4, 3, 5]), 6)
      let places = (try net.constant([5], [0, 0.25, 0.75, 1.25, 2]), try net.constant([7], [0, 0, 1, 2, 2.5, 3, 4]))
      return try net.conv(net.append(.resize, x, places.0, places.1), 3)
    }
    #expect(words == ["conv2D", "resize", "conv2D"])
  }

  @Test func linesAreResizedAsPicturesOfOneRow() throws {
    let words = try words(decibels: 40) { net in
      try net.append(.resize, net.input([1, 4, 5]), net.constant([7], [0, 0.5, 1, 2, 2.5, 3, 4]))
    }
    #expect(words.contains("resize"))
  }

  @Test func elementsAreTakenAlongAnyAxis() throws {
    let words = try words { net in
      let x = try net.conv(net.input([1, 4, 3, 5]), 6)
      let reflected = try net.append(.take(axis: 3), x, net.constant([7], [1, 0, 1, 2, 3, 4, 3]))
      return try net.conv(net.append(.take(axis: 1), reflected, net.constant([6], [5, 4, 3, 2, 1, 0])), 3, kernel: 3)
    }
    #expect(words == ["conv2D", "take", "reshape", "take", "reshape", "conv2D"])
  }

  /// What a pad fills with is on the grid, unless it stands for infinity.
  @Test(arguments: [1.5, -3, 0] as [Float]) func paddingHasItsValue(value: Float) throws {
    _ = try words { net in try net.append(.pad(before: [0, 0, 1, 0], after: [0, 0, 0, 2], value: value), net.input([1, 2, 3, 4])) }
    let pooled = try words { net in
      let padded = try net.append(.pad(before: [0, 0, 1, 1], after: [0, 0, 0, 0], value: -3e38), net.input([1, 2, 4, 4]))
      return try net.append(.maxPool(FloatWindow(kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0])), padded)
    }
    #expect(pooled.contains("pad"))
  }

  @Test func outputsKeepTheirNamesWhenTheyShareMemory() throws {
    var net = TestNet()
    let x = try net.conv(net.input([1, 3, 4, 5]), 6)
    let (pixels, flat) = (try net.append(.transpose(permutation: [0, 2, 3, 1]), x), try net.reshape(x, [1, 6, 20]))
    let graph = try Graph(convert(net.finish(x, pixels, flat, try net.flatten(x))).file)
    #expect(graph.outputs.map { graph.tensors[$0.tensor].name } == ["conv0", "transpose1", "reshape2", "reshape3"])
  }

  /// Only moves: whatever their order, not one element may be astray.
  @Test(arguments: UInt64(0)..<40) func randomMovesAreExact(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let words = try words(decibels: 40, seed: seed) { net in
      var x = try net.input([[1, 6, 4, 5], [1, 8, 6], [1, 24]].randomElement(using: &random) ?? [])
      if net.graph.values[x].shape.count == 4 {
        x = try net.append(.maxPool(FloatWindow(kernel: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0])), x)
      }
      for _ in 0..<6 { x = try net.appendMove(x, &random) }
      return x
    }
    #expect(words.count < 40)
  }
}

extension TestNet {
  fileprivate mutating func appendMove(_ x: Int, _ random: inout SeededRandom) throws -> Int {
    let shape = graph.values[x].shape
    let axis = Int.random(in: 0..<shape.count, using: &random)
    switch Int.random(in: 0..<7, using: &random) {
    case 0, 1: return try append(.transpose(permutation: Array(shape.indices).shuffled(using: &random)), x)
    case 2:
      let begin = shape.indices.map { $0 == axis ? shape[axis] / 3 : 0 }
      let extents = shape.indices.map { shape[$0] - begin[$0] }
      return try append(.slice(begin: begin, step: shape.map { _ in 1 }), x, shape: extents)
    case 3: return try append(.concat(axis: axis), x, x)
    case 4:
      let before = shape.indices.map { $0 == axis ? 1 : 0 }
      return try append(.pad(before: before, after: shape.map { _ in 0 }, value: 0.5), x)
    default:
      // Two neighbours become one, or one of them two.
      guard shape.count > 1, axis < shape.count - 1, Bool.random(using: &random) else {
        let part = (1...shape[axis]).filter { shape[axis] % $0 == 0 }.randomElement(using: &random) ?? 1
        return shape.count > 5 ? x : try reshape(x, shape[..<axis] + [part, shape[axis] / part] + shape[(axis + 1)...])
      }
      return try reshape(x, shape[..<axis] + [shape[axis] * shape[axis + 1]] + shape[(axis + 2)...])
    }
  }
}

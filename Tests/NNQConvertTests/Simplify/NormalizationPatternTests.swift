import NNQFloat
import Testing

@testable import NNQConvert

/// Normalisations as exporters write them out.
@Suite struct NormalizationPatternTests {
  enum Spelling: CaseIterable {
    case divided, powers, reciprocal, oneDivided, negativePower, twoDifferences, factored
  }

  /// (x - mean) / sqrt(mean square + epsilon) over some axes, in one of the ways to say it.
  private func normalized(_ x: Int, _ axes: [Int], _ spelling: Spelling, scale: [Int], _ net: inout TestNet) throws -> Int {
    let mean = try net.append(.reduce(.mean, axes: axes), x)
    let deviation = try net.append(.binary(.sub), x, mean)
    let other = spelling == .twoDifferences ? try net.append(.binary(.sub), x, net.append(.reduce(.mean, axes: axes), x)) : deviation
    let square =
      spelling == .powers
      ? try net.append(.binary(.pow), other, net.constant([], [2])) : try net.append(.binary(.mul), other, other)
    let sum = try net.append(.binary(.add), net.append(.reduce(.mean, axes: axes), square), net.constant([1], [0.01]))
    let (gain, bias) = (try net.constant(scale), try net.constant(scale))
    func scaled(_ normalized: Int) throws -> Int {
      try net.append(.binary(.add), net.append(.binary(.mul), normalized, gain), bias)
    }
    func root() throws -> Int {
      spelling == .powers
        ? try net.append(.binary(.pow), sum, net.constant([], [0.5])) : try net.append(.unary(.function(.sqrt)), sum)
    }
    switch spelling {
    case .divided, .powers, .twoDifferences: return try scaled(net.append(.binary(.div), deviation, root()))
    case .reciprocal: return try scaled(net.append(.binary(.mul), deviation, net.append(.unary(.function(.reciprocal)), root())))
    case .oneDivided: return try scaled(net.append(.binary(.mul), net.append(.binary(.div), net.constant([], [1]), root()), deviation))
    case .negativePower:
      return try scaled(net.append(.binary(.mul), deviation, net.append(.binary(.pow), sum, net.constant([], [-0.5]))))
    case .factored:
      let factor = try net.append(.binary(.mul), net.append(.unary(.function(.reciprocal)), root()), gain)
      let shift = try net.append(.binary(.sub), bias, net.append(.binary(.mul), mean, factor))
      return try net.append(.binary(.add), net.append(.binary(.mul), x, factor), shift)
    }
  }

  private func simplified(_ shape: [Int], _ axes: [Int], _ spelling: Spelling, scale: [Int]) throws -> (FloatGraph, Float) {
    var net = TestNet(seed: 3)
    let source = try net.finish(normalized(net.input(shape), axes, spelling, scale: scale, &net))
    var graph = source
    _ = graph.simplify()
    return (graph, try graph.largestDifference(from: source))
  }

  /// The mean of the squares less the square of the mean, by sums without the reduced axis; the scale is in the factor.
  private func normalizedByMoments(_ x: Int, share: Float, _ net: inout TestNet) throws -> Int {
    func mean(_ value: Int) throws -> Int {
      let sum = try net.append(.reshape, net.append(.reduce(.sum, axes: [1]), value), shape: [1, 3])
      return try net.append(.binary(.mul), sum, net.constant([], [share]))
    }
    let (center, square) = (try mean(x), try mean(net.append(.binary(.mul), x, x)))
    let difference = try net.append(.binary(.sub), square, net.append(.binary(.mul), center, center))
    let variance = try net.append(.unary(.clip(lo: 0, hi: .greatestFiniteMagnitude)), difference)
    let kept = try net.append(.reshape, variance, shape: [1, 1, 3])
    let root = try net.append(.unary(.function(.sqrt)), net.append(.binary(.add), kept, net.constant([], [0.01])))
    let factor = try net.append(.binary(.mul), net.append(.unary(.function(.reciprocal)), root), net.constant([1, 6, 1]))
    let deviation = try net.append(.binary(.sub), x, net.append(.reshape, center, shape: [1, 1, 3]))
    return try net.append(.binary(.add), net.append(.binary(.mul), deviation, factor), net.constant([1, 6, 1]))
  }

  @Test(arguments: [1.0 / 6, 0.2] as [Float]) func momentsAreRecognizedToo(share: Float) throws {
    var net = TestNet(seed: 3)
    let source = try net.finish(normalizedByMoments(net.input([1, 6, 3]), share: share, &net))
    var graph = source
    _ = graph.simplify()
    #expect(try graph.largestDifference(from: source) < 1e-4)
    let isMean = share * 6 == 1
    #expect((graph.words == ["transpose", "layerNormalization", "transpose"]) == isMean, "a share that is no mean is left alone")
  }

  @Test(arguments: Spelling.allCases) func everySpellingOverTheLastAxisIsOneNode(spelling: Spelling) throws {
    let (graph, difference) = try simplified([1, 4, 6], [2], spelling, scale: [6])
    #expect(graph.nodes.map(\.operation) == [.layerNormalization(FloatLayerNorm(subtractsMean: true, epsilon: 0.01))])
    #expect(difference < 1e-5)
  }

  @Test(arguments: Spelling.allCases) func channelsAreBroughtToTheEnd(spelling: Spelling) throws {
    let (graph, difference) = try simplified([1, 6, 3, 4], [1], spelling, scale: [6, 1, 1])
    #expect(graph.words == ["transpose", "layerNormalization", "transpose"])
    #expect(difference < 1e-5)
  }

  @Test func severalAxesAreOne() throws {
    let (graph, difference) = try simplified([1, 6, 3, 4], [2, 3], .divided, scale: [3, 4])
    #expect(graph.words == ["reshape", "layerNormalization", "reshape"])
    #expect(difference < 1e-5)
  }

  @Test func aScaleAlongOtherAxesStays() throws {
    let (graph, difference) = try simplified([1, 5, 6], [2], .divided, scale: [5, 1])
    #expect(graph.words.prefix(2) == ["layerNormalization", "binary"])
    #expect(difference < 1e-5)
  }

  @Test func withoutTheMeanIsRMSNorm() throws {
    var net = TestNet(seed: 3)
    let x = try net.input([1, 4, 6])
    let square = try net.append(.reduce(.mean, axes: [2]), net.append(.binary(.pow), x, net.constant([], [2])))
    let sum = try net.append(.binary(.add), square, net.constant([], [0.01]))
    let root = try net.append(.unary(.function(.reciprocal)), net.append(.unary(.function(.sqrt)), sum))
    let source = try net.finish(net.append(.binary(.mul), net.constant([6]), net.append(.binary(.mul), x, root)))
    var graph = source
    _ = graph.simplify()
    #expect(graph.nodes.map(\.operation) == [.layerNormalization(FloatLayerNorm(subtractsMean: false, epsilon: 0.01))])
    #expect(try graph.largestDifference(from: source) < 1e-5)
  }

  /// The mean is over one axis, the mean square over another.
  @Test func otherArithmeticStays() throws {
    var net = TestNet(seed: 3)
    let x = try net.input([1, 4, 6])
    let deviation = try net.append(.binary(.sub), x, net.append(.reduce(.mean, axes: [1]), x))
    let square = try net.append(.reduce(.mean, axes: [2]), net.append(.binary(.mul), deviation, deviation))
    let shifted = try net.append(.binary(.add), x, net.constant([], [1]))
    let source = try net.finish(net.append(.binary(.div), shifted, net.append(.unary(.function(.sqrt)), square)))
    var graph = source
    _ = graph.simplify()
    #expect(!graph.words.contains("layerNormalization"))
  }
}

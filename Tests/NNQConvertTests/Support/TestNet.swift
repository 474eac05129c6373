import NNQFloat
import TestSupport

/// A float net in the making, with seeded random weights. Every function appends a node and returns the value it defines,
/// which is named by the operation and a number: "conv3".
struct TestNet {
  private(set) var graph = FloatGraph()
  private var random: SeededRandom

  init(seed: UInt64 = 1) { random = SeededRandom(seed: seed) }

  mutating func input(_ shape: [Int], name: String = "x") throws -> Int { try graph.addInput(name: name, shape: shape) }

  mutating func constant(_ shape: [Int], _ elements: [Float]? = nil, magnitude: Float = 1) throws -> Int {
    let count = shape.reduce(1, *)
    let drawn = elements ?? (0..<count).map { _ in Float.random(in: -magnitude...magnitude, using: &random) }
    return try graph.addConstant(name: "constant\(graph.values.count)", shape: shape, values: drawn)
  }

  mutating func append(_ operation: FloatOperation, _ inputs: Int..., shape: [Int]? = nil) throws -> Int {
    let name = "\(operation.word)\(graph.nodes.count)"
    return try graph.append(operation, name: name, inputs: inputs, outputName: name, outputShape: shape)
  }

  /// Weights are drawn so that the output is about as large as the input.
  mutating func conv(
    _ x: Int, _ channelCount: Int, kernel: Int = 1, stride: Int = 1, dilation: Int = 1, pad: Int = 0, groups: Int = 1,
    hasBias: Bool = true
  ) throws -> Int {
    let depth = graph.values[x].shape[1] / groups
    let magnitude = 1.7 / Float(depth * kernel * kernel).squareRoot()
    let weights = try constant([channelCount, depth, kernel, kernel], magnitude: magnitude)
    let conv = FloatOperation.conv(
      FloatConv(
        strides: [stride, stride], dilations: [dilation, dilation], pads: [pad, pad, pad, pad], groups: groups))
    return hasBias ? try append(conv, x, weights, constant([channelCount], magnitude: 0.3)) : try append(conv, x, weights)
  }

  mutating func dense(_ x: Int, _ channelCount: Int, hasBias: Bool = true) throws -> Int {
    let depth = graph.values[x].shape.last ?? 1
    let weights = try constant([channelCount, depth], magnitude: 1.7 / Float(depth).squareRoot())
    return hasBias ? try append(.dense, x, weights, constant([channelCount], magnitude: 0.3)) : try append(.dense, x, weights)
  }

  mutating func batchNormalization(_ x: Int) throws -> Int {
    let channelCount = graph.values[x].shape[1]
    let statistics = try (0..<3).map { _ in try constant([channelCount]) }
    let variance = try constant([channelCount], (0..<channelCount).map { 0.5 + Float($0) / 4 })
    return try append(.batchNormalization(epsilon: 1e-3), x, statistics[0], statistics[1], statistics[2], variance)
  }

  mutating func relu(_ x: Int) throws -> Int { try append(.unary(.relu), x) }
  mutating func add(_ a: Int, _ b: Int) throws -> Int { try append(.binary(.add), a, b) }
  mutating func reshape(_ x: Int, _ shape: [Int]) throws -> Int { try append(.reshape, x, shape: shape) }

  /// N,C,H,W to N,C*H*W.
  mutating func flatten(_ x: Int) throws -> Int { try reshape(x, [1, graph.values[x].elementCount]) }

  mutating func finish(_ outputs: Int...) -> FloatGraph {
    graph.outputs = outputs
    return graph
  }
}

extension TestNet {
  /// A little of everything a conversion does: a normalised convolution, a shortcut around a depthwise one, a classifier.
  static func residual() throws -> FloatGraph {
    var net = TestNet(seed: 31)
    let x = try net.relu(net.batchNormalization(net.conv(net.input([1, 3, 6, 6]), 6)))
    let branch = try net.conv(net.relu(net.conv(x, 6, kernel: 3, pad: 1, groups: 6)), 6, kernel: 3, pad: 1)
    let sum = try net.relu(net.add(branch, x))
    return try net.finish(net.dense(net.flatten(net.append(.globalAveragePool, sum)), 5))
  }
}

extension FloatOperation {
  /// "conv", "unary": the case without what belongs to it.
  var word: String { String("\(self)".prefix { $0 != "(" }) }
}

extension FloatGraph {
  /// The operations in order.
  var words: [String] { nodes.map(\.operation.word) }

  func index(of name: String) -> Int? { values.firstIndex { $0.name == name } }

  /// One array for each input, in -1...1.
  func randomInputs(seed: UInt64) -> [[Float]] {
    var random = SeededRandom(seed: seed)
    return inputs.map { input in (0..<values[input].elementCount).map { _ in Float.random(in: -1...1, using: &random) } }
  }

  /// The largest difference between the outputs of two nets on the same seeded inputs.
  func largestDifference(from other: FloatGraph, seed: UInt64 = 99) throws -> Float {
    let inputs = randomInputs(seed: seed)
    let (own, others) = (try FloatExecutor(self).run(inputs: inputs), try FloatExecutor(other).run(inputs: inputs))
    return zip(own.joined(), others.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }
}

import NNQFloat
import NNQFormat
import NNQGraph
import Testing

@testable import NNQConvert

/// A transformer block: LayerNorm, attention of several heads, and an MLP with GELU, each beside a shortcut.
@Suite struct TransformerTests {
  private let tokens = 17
  private let width = 48
  private let heads = 3

  private func block() throws -> FloatGraph {
    var net = TestNet(seed: 5)
    let x = try net.input([1, tokens, width])
    let attended = try net.add(attention(normalized(x, &net), &net), x)
    let hidden = try net.append(.unary(.function(.gelu)), net.dense(normalized(attended, &net), 4 * width))
    return try net.finish(net.add(net.dense(hidden, width), attended))
  }

  private func normalized(_ x: Int, _ net: inout TestNet) throws -> Int {
    let gain = try net.constant([width], (0..<width).map { 0.5 + Float($0 % 7) / 7 })
    return try net.append(
      .layerNormalization(FloatLayerNorm(subtractsMean: true, epsilon: 1e-5)), x, gain, net.constant([width], magnitude: 0.2))
  }

  /// Queries, keys and values from one layer; keys are transposed as exporters write it.
  private func attention(_ x: Int, _ net: inout TestNet) throws -> Int {
    let all = try net.reshape(net.dense(x, 3 * width), [1, tokens, 3, heads, width / heads])
    let moved = try net.append(.transpose(permutation: [2, 0, 3, 1, 4]), all)
    let parts = try (0..<3).map { part in
      let slice = try net.append(
        .slice(begin: [part, 0, 0, 0, 0], step: [1, 1, 1, 1, 1]), moved, shape: [1, 1, heads, tokens, width / heads])
      return try net.reshape(slice, [1, heads, tokens, width / heads])
    }
    let keys = try net.append(.transpose(permutation: [0, 1, 3, 2]), parts[1])
    let scores = try net.append(.matMul(scale: 1), net.append(.binary(.mul), parts[0], net.constant([], [0.5])), keys)
    let mixed = try net.append(.matMul(scale: 1), net.append(.softmax(axis: 3), scores), parts[2])
    let joined = try net.reshape(net.append(.transpose(permutation: [0, 2, 1, 3]), mixed), [1, tokens, width])
    return try net.dense(joined, width)
  }

  @Test func integersAgreeWithTheFloatNet() throws {
    let graph = try block()
    let conversion = try Converter(options: ConvertOptions(), samples: ArraySamples(graph)).convert(graph)
    let decibels = try #require(conversion.report.agreement).sqnrDecibels
    // A cosine of 0.99 is a signal 17 dB above the noise.
    #expect(decibels >= 25, "\(decibels) dB")
    let selfTest = try #require(conversion.file.selfTest)
    let integers = try Graph(conversion.file)
    #expect(ReferenceExecutor(integers).selfTestDigest(seed: selfTest.seed) == selfTest.outputDigest)
    let words = integers.nodes.map { $0.operation.name }
    #expect(words.filter { $0 == "matMul" }.count == 2)
    #expect(words.filter { $0 == "layerNorm" }.count == 2)
  }
}

import NNQFloat
import TestSupport

extension TestNet {
  /// A net of ten random operations on random values, of which the illegal ones are left out.
  static func random(seed: UInt64) throws -> FloatGraph {
    var random = SeededRandom(seed: seed)
    var net = TestNet(seed: seed)
    let shapes = [[1, 4, 6, 6], [1, 6, 5, 4], [1, 12], [1, 5, 8]]
    var values = [try net.input(shapes.randomElement(using: &random) ?? [])]
    for _ in 0..<10 {
      // Later values more often, so that nets get deep.
      let x = values[max(Int.random(in: 0..<values.count, using: &random), Int.random(in: 0..<values.count, using: &random))]
      let other = values.randomElement(using: &random) ?? x
      if let value = try? net.appendRandom(x, other, &random) { values.append(value) }
    }
    var graph = net.finish(values[values.count - 1])
    graph.removeDeadNodes()
    return graph
  }

  private mutating func appendRandom(_ x: Int, _ other: Int, _ random: inout SeededRandom) throws -> Int {
    let shape = graph.values[x].shape
    let window = FloatWindow(kernel: [2, 3], strides: [Int.random(in: 1...2, using: &random), 1], pads: [1, 0, 0, 1])
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return try conv(x, 4, kernel: 3, pad: 1)
    case 1: return try conv(x, 6, stride: Int.random(in: 1...2, using: &random), hasBias: false)
    case 2: return try conv(x, shape[1], kernel: 3, dilation: 2, pad: 2, groups: shape[1])
    case 3: return try dense(x, 5)
    case 4: return try batchNormalization(x)
    case 5: return try relu(x)
    case 6: return try append(.unary(.clip(lo: -0.5, hi: 1.5)), x)
    case 7: return try append(.unary([.sigmoid, .tanh, .hardSwish, .leakyRelu(alpha: 0.2)][Int.random(in: 0..<4, using: &random)]), x)
    case 8: return try add(x, other)
    case 9: return try append(.binary(.sub), x, other)
    case 10: return try append(.binary([.add, .mul, .sub][Int.random(in: 0..<3, using: &random)]), x, constant([1]))
    case 11: return try append(.binary(.mul), constant(shape.indices.map { $0 == 1 ? shape[1] : 1 }), x)
    case 12: return try append(.maxPool(window), x)
    case 13: return try append(.averagePool(window, countIncludePad: Bool.random(using: &random)), x)
    case 14: return try append(.globalAveragePool, x)
    case 15: return try append(.softmax(axis: Int.random(in: 1..<shape.count, using: &random)), x)
    case 16: return try flatten(x)
    case 17: return try append(.transpose(permutation: [0] + (1..<shape.count).shuffled(using: &random)), x)
    case 18: return try append(.concat(axis: Int.random(in: 1..<shape.count, using: &random)), x, other)
    default: return try reshape(x, [1, 2, shape.reduce(1, *) / 4, 2])
    }
  }
}

import NNQFloat
import NNQFormat
import NNQGraph

/// What an integer model holds of a layer's weights, in real numbers and the float net's order.
struct StoredWeights: Sendable {
  /// Levels times the scale of their output channel.
  var values: [Float]
  var bias: [Float]
  /// The float net's weights, those that are not 0 in the model put on the nearest level: what rounding alone makes of them.
  var nearest: [Float]
  /// Zeros beyond those that rounding gives: weights that were pruned.
  var prunedCount: Int
}

extension StoredWeights {
  /// - Parameters:
  ///   - nodes: the convolution or dense node of the model, or those of an operand's two bytes, with the same weights in this
  ///     order: for each in memory its index in `float`.
  init(_ nodes: [Node], of graph: Graph, order: [Int], float: LayerWeights) {
    let node = nodes[0]
    let constants = node.inputs[1...4].map { graph.tensors[$0] }
    let inputScale = graph.inputScale(of: node)
    let outputScale = Double(graph.tensors[node.outputs[0]].quantization?.scale ?? 1)
    // Spec: operators.md 2.3, the real value of m * 2^-(15 + s).
    let scales = zip(constants[2].integers, constants[3].integers).map { multiplier, shift in
      Double(multiplier) / Double(1 << (15 + shift)) * outputScale / inputScale
    }
    let levels = LevelSet(constants[0])
    var stored = [Int](repeating: 0, count: float.values.count)
    for (place, level) in zip(order, constants[0].integers) { stored[place] = level }
    let rounded = float.values.indices.map { levels.nearest(to: Double(float.values[$0]) / scales[$0 / float.depth]) }
    values = stored.indices.map { Float(Double(stored[$0]) * scales[$0 / float.depth]) }
    nearest = rounded.indices.map { stored[$0] == 0 ? float.values[$0] : Float(Double(rounded[$0]) * scales[$0 / float.depth]) }
    bias = scales.indices.map { channel in
      Float(nodes.reduce(0) { $0 + graph.inputScale(of: $1) * Double(graph.tensors[$1.inputs[2]].integers[channel]) * scales[channel] })
    }
    prunedCount = max(0, stored.count { $0 == 0 } - rounded.count { $0 == 0 })
  }
}

extension Graph {
  fileprivate func inputScale(of node: Node) -> Double { Double(tensors[node.inputs[0]].quantization?.scale ?? 1) }
}

/// The levels that a constant's coding can express.
private struct LevelSet {
  /// Ascending.
  private let levels: [Int]

  init(_ weights: Tensor) {
    switch weights.constant?.coding {
    case .levels(let table, _): levels = table.map(Int.init)
    case .uniform(let bits): levels = Array(1 - 1 << (bits - 1)...max((1 << (bits - 1)) - 1, 0))
    case .raw, nil: levels = Array(-127...127)
    }
  }

  /// The lower of two equally near.
  func nearest(to level: Double) -> Int { levels.min { abs(Double($0) - level) < abs(Double($1) - level) } ?? 0 }
}

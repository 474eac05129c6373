import NNQFloat

/// One node of the integer graph to be, in float: an operation with the residual and the clamp that its epilogue takes in.
/// What is calibrated, pruned, refitted and lowered is a layer.
package struct Layer: Sendable {
  /// The name of its output value, by which options and reports know it.
  package var name: String
  package var operation: FloatOperation
  /// The node of the float graph that holds its weights; nil for layers that the converter adds.
  package var node: Int?
  /// Activation operands: value indices of the float graph.
  package var inputs: [Int]
  /// Of conv and dense.
  package var weights: LayerWeights?
  /// Whether a layer with weights reads an operand of 16 bits, its bytes one after the other.
  package var readsBytes = false
  /// Of layers that are a function of each element of one activation; then the operation is the last of its nodes.
  package var pointwise: Pointwise?
  /// Added before the clamp (conv and dense): a value index.
  package var residual: Int?
  package var clamp: ClosedRange<Float> = -.infinity ... .infinity
  /// What conv or dense gives before residual and clamp: a value index.
  package var accumulator: Int
  /// What the layer gives: a value index.
  package var output: Int
}

/// Weights K,C/G,R,S or K,C with one bias for each output channel.
package struct LayerWeights: Equatable, Sendable {
  package var values: [Float]
  package var shape: [Int]
  package var bias: [Float]

  package var channelCount: Int { shape[0] }
  /// Weights of one output channel.
  package var depth: Int { values.count / shape[0] }
  package var zeroCount: Int { values.count { $0 == 0 } }
}

extension Layer {
  /// All value indices that it reads.
  var operands: [Int] { inputs + [residual].compactMap(\.self) }

  /// Whether it multiplies two activations, or one and a constant; a mask is 0 or 1.
  var isProduct: Bool { pointwise == nil && (operation == .binary(.mul) || operation == .binary(.mask)) }

  package var isDepthwiseOrGrouped: Bool {
    if case .conv(let conv) = operation { return conv.groups > 1 }
    return false
  }

  /// The operation's word in reports.
  package var kind: String {
    if pointwise != nil { return "table" }
    return switch operation {
    case .identity: "requantize"
    case .conv(let conv): conv.groups > 1 ? "depthwise" : "conv"
    case .dense: "dense"
    case .binary(let binary): "\(binary)"
    case .unary(let unary): "\(unary)"
    case .maxPool: "maxPool"
    case .averagePool, .globalAveragePool: "averagePool"
    case .softmax: "softmax"
    case .reshape: "reshape"
    case .transpose: "transpose"
    case .pad: "pad"
    case .slice: "slice"
    case .concat: "concat"
    case .matMul: "matMul"
    case .layerNormalization: "layerNorm"
    case .reduce: "reduce"
    case .convTranspose: "convTranspose"
    case .take: "take"
    case .resize: "resize"
    case .batchNormalization: "batchNormalization"
    case .gather: "gather"
    }
  }
}

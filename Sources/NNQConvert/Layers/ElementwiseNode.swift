import NNQFloat

/// A node that computes each element of its output from the element at the same place of its activations.
struct ElementwiseNode {
  /// Values with the output's shape: one, two, or one twice.
  var activations: [Int]
  /// The axis of the output along which its constants differ; nil if they are the same everywhere.
  var channelAxis: Int?
}

extension FloatGraph {
  /// Nil for a node that looks beyond one element, that broadcasts an activation, or whose constants differ along several axes.
  func elementwise(_ node: FloatNode) -> ElementwiseNode? {
    switch node.operation {
    case .unary: return ElementwiseNode(activations: node.inputs)
    case .batchNormalization:
      guard node.inputs.dropFirst().allSatisfy({ values[$0].constant != nil }) else { return nil }
      return ElementwiseNode(activations: [node.inputs[0]], channelAxis: 1)
    case .binary: return elementwiseBinary(node)
    default: return nil
    }
  }

  private func elementwiseBinary(_ node: FloatNode) -> ElementwiseNode? {
    let shape = values[node.outputs[0]].shape
    let activations = node.inputs.filter { values[$0].constant == nil }
    guard !activations.isEmpty, activations.allSatisfy({ values[$0].shape == shape }) else { return nil }
    let axes = node.inputs.filter { values[$0].constant != nil }.flatMap { varyingAxes(of: values[$0].shape, in: shape) }
    guard axes.count <= 1, axes.allSatisfy({ $0 > 0 && shape[$0] <= Self.maximumTableCount }) else { return nil }
    return ElementwiseNode(activations: activations, channelAxis: axes.first)
  }

  /// Tables of 256 entries for more channels would be larger than any weights.
  private static let maximumTableCount = 4096

  /// The axes of `shape` along which a constant that broadcasts to it has more than one element.
  private func varyingAxes(of constant: [Int], in shape: [Int]) -> [Int] {
    constant.indices.filter { constant[$0] > 1 }.map { $0 + shape.count - constant.count }
  }
}

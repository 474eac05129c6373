import CKernels
import NNQGraph

/// conv2D and dense as one thing: dense is a 1 x 1 convolution. Spec: operators.md 2.4, 2.5.
struct Convolution {
  /// Which kernel computes it, and so how its weights are packed.
  enum Kind {
    /// One group: panels of NN_PANEL output channels.
    case panels
    /// One input and one output channel a group.
    case depthwise
    /// Any other groups: weights as in the file, KRSC.
    case grouped
  }

  let kind: Kind
  let window: Conv2D
  /// K, R, S and C/G of the weights.
  let outputChannels: Int
  let kernel: Extent2D
  let groupChannels: Int

  /// Nil for nodes of other operators, and for weights that no validated graph has.
  init?(_ node: Node, in graph: Graph) {
    guard node.inputs.count > 1, graph.tensors.indices.contains(node.inputs[1]) else { return nil }
    let operand = graph.tensors[node.inputs[1]]
    let weights: [Int]
    switch node.operation {
    case .conv2D(let conv):
      window = conv
      weights = operand.shape
    case .dense(let epilogue):
      let unit = Extent2D(height: 1, width: 1)
      window = Conv2D(stride: unit, dilation: unit, padding: .none, groups: 1, epilogue: epilogue)
      weights = operand.shape.count == 2 ? [operand.shape[0], 1, 1, operand.shape[1]] : []
    default: return nil
    }
    guard operand.elementType == .s8, weights.count == 4 else { return nil }
    outputChannels = weights[0]
    kernel = Extent2D(height: weights[1], width: weights[2])
    groupChannels = weights[3]
    if window.groups == 1 {
      kind = .panels
    } else {
      kind = groupChannels == 1 && outputChannels == window.groups ? .depthwise : .grouped
    }
  }

  /// Length of the per-channel arrays: output channels in whole panels.
  var paddedChannels: Int { panelCount * NN_PANEL }
  var panelCount: Int { (outputChannels + NN_PANEL - 1) / NN_PANEL }

  var packedByteCount: Int {
    let (k, r, s, c) = dimensions
    return switch kind {
    case .panels: nn_packed_panels_bytes(k, r, s, c)
    case .depthwise: nn_packed_depthwise_bytes(k, r, s)
    case .grouped: outputChannels * kernel.height * kernel.width * groupChannels
    }
  }

  /// - Parameters:
  ///   - weights: some of the K x R x S x C/G bytes.
  ///   - first: the index of the first of them.
  ///   - packed: `packedByteCount` bytes, zeros where no weights have been packed.
  func pack(_ weights: UnsafeRawBufferPointer, from first: Int, into packed: UnsafeMutableRawPointer) {
    guard let source = weights.baseAddress?.assumingMemoryBound(to: Int8.self) else { return }
    let destination = packed.assumingMemoryBound(to: Int8.self)
    let (k, r, s, c) = dimensions
    switch kind {
    case .panels: nn_pack_panels(destination, source, first, weights.count, r, s, c)
    case .depthwise: nn_pack_depthwise(destination, source, first, weights.count, k, r, s)
    case .grouped: (packed + first).copyMemory(from: source, byteCount: weights.count)
    }
  }

  /// Safe: the product of a tensor's extents fits 31 bits (format.md 5.1.1), so each of them does.
  private var dimensions: (k: Int32, r: Int32, s: Int32, c: Int32) {
    (Int32(outputChannels), Int32(kernel.height), Int32(kernel.width), Int32(groupChannels))
  }
}

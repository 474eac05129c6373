import CKernels
import NNQGraph

/// conv2D and dense as one thing: dense is a 1 x 1 convolution. Spec: operators.md 2.4, 2.5.
struct Convolution {
  /// Which kernel computes it, and so how its weights are packed.
  enum Kind {
    /// Panels of NN_PANEL output channels, each of which has a weight for every input channel: zeros for those of other groups.
    /// The kernel of panels is some thousand times faster than that of any groups, more than there are groups.
    case panels
    /// One input and one output channel a group.
    case depthwise
    /// Groups whose zeros would take too much memory: weights as in the file, KRSC.
    case grouped
  }

  /// The most bytes of weights with the zeros of other groups. Enough for 1024 channels under a window of 3 x 3.
  private static let expandedByteCountLimit = 1 << 24

  /// How weights are packed: the same for nodes that share them and this.
  struct Packing: Hashable {
    var kind: Kind
    var groups: Int
  }

  let kind: Kind
  let window: Conv2D
  /// K, R, S and C/G of the weights.
  let outputChannels: Int
  let kernel: Extent2D
  let groupChannels: Int
  /// Of one image of the output.
  let pixelCount: Int

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
    pixelCount = graph.tensors[node.outputs[0]].shape.dropFirst().dropLast().reduce(1, *)
    outputChannels = weights[0]
    kernel = Extent2D(height: weights[1], width: weights[2])
    groupChannels = weights[3]
    // Safe: groups are at most 65535, the weights at most 2^31 bytes.
    let areExpandable =
      outputChannels.isMultiple(of: window.groups) && operand.byteCount * window.groups <= Self.expandedByteCountLimit
    if window.groups != 1 && groupChannels == 1 && outputChannels == window.groups {
      kind = .depthwise
    } else {
      kind = window.groups == 1 || areExpandable ? .panels : .grouped
    }
  }

  var packing: Packing { Packing(kind: kind, groups: window.groups) }

  /// Length of the per-channel arrays: output channels in whole panels.
  var paddedChannels: Int { panelCount * NN_PANEL }
  var panelCount: Int { (outputChannels + NN_PANEL - 1) / NN_PANEL }

  var packedByteCount: Int {
    let (k, r, s, c) = packedDimensions
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
    case .panels where window.groups == 1: nn_pack_panels(destination, source, first, weights.count, r, s, c)
    case .panels: packExpanded(weights, from: first, into: destination)
    case .depthwise: nn_pack_depthwise(destination, source, first, weights.count, k, r, s)
    case .grouped: (packed + first).copyMemory(from: source, byteCount: weights.count)
    }
  }

  /// Each tap's run of one group's channels at its place among all channels.
  private func packExpanded(_ weights: UnsafeRawBufferPointer, from first: Int, into packed: UnsafeMutablePointer<Int8>) {
    guard let source = weights.baseAddress?.assumingMemoryBound(to: Int8.self) else { return }
    let (_, r, s, c) = dimensions
    let groupRuns = outputChannels / window.groups * kernel.height * kernel.width
    var position = first
    while position < first + weights.count {
      let (run, channel) = position.quotientAndRemainder(dividingBy: groupChannels)
      let count = min(groupChannels - channel, first + weights.count - position)
      let expanded = (run * window.groups + run / groupRuns) * groupChannels + channel
      nn_pack_panels(packed, source + (position - first), expanded, count, r, s, c * Int32(window.groups))
      position += count
    }
  }

  /// Safe: the product of a tensor's extents fits 31 bits (format.md 5.1.1), so each of them does.
  private var dimensions: (k: Int32, r: Int32, s: Int32, c: Int32) {
    (Int32(outputChannels), Int32(kernel.height), Int32(kernel.width), Int32(groupChannels))
  }

  /// The same, of panels with the zeros of other groups.
  var packedDimensions: (k: Int32, r: Int32, s: Int32, c: Int32) {
    let (k, r, s, c) = dimensions
    return (k, r, s, kind == .panels ? c * Int32(window.groups) : c)
  }
}

import CKernels
import NNQFormat
import NNQGraph

/// The constants of a graph in the layouts of the kernels, packed once, shared by all sessions of a model.
final class PackedConstants: Sendable {
  private let weights: PackedWeights
  /// All but the weights.
  private let memory: AlignedMemory
  /// By node index; nil for operators without constants.
  private let places: [ConstantPlace?]

  /// - Parameters:
  ///   - graph: has been validated, and holds its constants but for the weights.
  ///   - weights: have taken all of them.
  ///   - byteCountLimit: for all of it.
  init(_ graph: Graph, _ weights: PackedWeights, byteCountLimit: Int, threads: Int) throws(RuntimeError) {
    var allocator = ConstantAllocator()
    let places = try graph.nodes.map { (node) throws(RuntimeError) in try allocator.place(node, in: graph) }
    let byteCount = weights.byteCount + allocator.byteCount
    guard byteCount <= byteCountLimit else {
      throw .limitExceeded(limit: .packedByteCount, got: byteCount, allowed: byteCountLimit)
    }
    let memory = try AlignedMemory(byteCount: allocator.byteCount)
    Workers.forEach(places.count, threads: threads) { index in
      // Safe: places do not overlap and lie within `memory`; each is written by the one call with its index.
      places[index]?.pack(graph.nodes[index], of: graph, into: memory.base)
    }
    self.weights = weights
    self.places = places
    self.memory = memory
  }

  var byteCount: Int { weights.byteCount + memory.byteCount }

  /// The weights of a conv2D or dense node, which are those of a tensor.
  func weights(_ convolution: Convolution, ofTensor tensor: Int) -> PackedWeights.Packed {
    weights.weights(convolution, ofTensor: tensor)
  }

  /// Weights and per-channel arrays of a conv2D or dense node; what its attributes say is left zero.
  func convolution(ofNode index: Int, weights: PackedWeights.Packed) -> nn_conv {
    guard case .convolution(let place) = places[index] else { preconditionFailure("node \(index) has no weights") }
    var conv = nn_conv()
    conv.weights = weights.bytes
    conv.epilogue.bias = pointer(place.bias)
    conv.epilogue.multiplier = pointer(place.multiplier)
    conv.epilogue.shift = pointer(place.shift)
    return conv
  }

  /// A constant operand as in the file, of a node whose operands after the first are all such.
  func copy(ofNode index: Int, operand: Int = 1) -> UnsafeRawPointer {
    guard case .copies(let byteOffsets) = places[index] else { preconditionFailure("node \(index) has no table") }
    return UnsafeRawPointer(memory.base + byteOffsets[operand - 1])
  }

  /// The constant operand of an arithmetic node; nil where both operands are activations.
  func operand(ofNode index: Int) -> (bytes: UnsafePointer<UInt8>, layout: ActivationLayout)? {
    guard case .operand(let operand) = places[index] else { return nil }
    return (pointer(operand.byteOffset), operand.layout)
  }

  private func pointer<Element>(_ byteOffset: Int) -> UnsafePointer<Element> {
    // Safe: a place of this node, within `memory`, aligned to 64, packed as elements of this type.
    UnsafeRawPointer(memory.base + byteOffset).assumingMemoryBound(to: Element.self)
  }
}

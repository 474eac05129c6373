import CKernels
import NNQFormat
import NNQGraph

/// The constants of a graph in the layouts of the kernels: one allocation, packed once, the same for every instruction set,
/// shared by all sessions of a model.
final class PackedConstants: Sendable {
  private let memory: AlignedMemory
  /// By node index; nil for operators without constants.
  private let places: [ConstantPlace?]

  /// - Parameters:
  ///   - graph: has been validated, and holds its constants.
  ///   - byteCountLimit: packing pads; this stops a file of many tiny constants from growing without bound.
  init(_ graph: Graph, byteCountLimit: Int, threads: Int) throws(RuntimeError) {
    var allocator = ConstantAllocator()
    let places = try graph.nodes.map { (node) throws(RuntimeError) in try allocator.place(node, in: graph) }
    guard allocator.byteCount <= byteCountLimit else {
      throw .limitExceeded(limit: .packedByteCount, got: allocator.byteCount, allowed: byteCountLimit)
    }
    let memory = try AlignedMemory(byteCount: allocator.byteCount)
    Workers.forEach(places.count, threads: threads) { index in
      // Safe: places do not overlap and lie within `memory`; each is written by the one call with its index.
      places[index]?.pack(graph.nodes[index], of: graph, into: memory.base)
    }
    self.places = places
    self.memory = memory
  }

  var byteCount: Int { memory.byteCount }

  /// Weights and per-channel arrays of a conv2D or dense node; what its attributes say is left zero.
  func convolution(ofNode index: Int) -> nn_conv {
    guard case .convolution(let place) = places[index] else { preconditionFailure("node \(index) has no weights") }
    var conv = nn_conv()
    conv.weights = pointer(place.weights)
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

  /// The constant operand of an arithmetic node, laid out like an activation; nil where both operands are activations.
  func activation(ofNode index: Int) -> (bytes: UnsafePointer<UInt8>, layout: ActivationLayout)? {
    guard case .activation(let byteOffset, let layout) = places[index] else { return nil }
    return (pointer(byteOffset), layout)
  }

  private func pointer<Element>(_ byteOffset: Int) -> UnsafePointer<Element> {
    // Safe: a place of this node, within `memory`, aligned to 64, packed as elements of this type.
    UnsafeRawPointer(memory.base + byteOffset).assumingMemoryBound(to: Element.self)
  }
}

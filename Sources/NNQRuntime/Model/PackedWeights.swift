import NNQFormat
import NNQGraph

/// The weights of conv2D and dense nodes in the layouts of the kernels: one allocation, the same for every instruction set,
/// shared by all sessions of a model. They are packed while a file is read, so that they are in memory once.
final class PackedWeights: ConstantConsumer {
  /// By tensor.
  private let tensors: [Int: PackedTensor]
  private let memory: PageMemory

  /// Finds places for weights that come later.
  ///
  /// - Parameters:
  ///   - graph: need not have been validated; weights that no validated graph has are left out.
  ///   - byteCountLimit: packing pads; this stops a file of many tiny constants from growing without bound.
  init(_ graph: Graph, byteCountLimit: Int) throws(RuntimeError) {
    var tensors: [Int: PackedTensor] = [:]
    var byteCount = 0
    for node in graph.nodes {
      guard let convolution = Convolution(node, in: graph) else { continue }
      let weights = graph.tensors[node.inputs[1]]
      guard weights.constant != nil else { continue }
      let tensor = tensors[node.inputs[1]] ?? PackedTensor(shape: weights.shape)
      tensors[node.inputs[1]] = tensor
      guard tensor.byteOffsets[convolution.packing] == nil else { continue }
      guard weights.byteCount <= PlanLimits.tensorByteCount else {
        throw .limitExceeded(limit: .tensorByteCount, got: weights.byteCount, allowed: PlanLimits.tensorByteCount)
      }
      tensor.convolutions.append(convolution)
      tensor.byteOffsets[convolution.packing] = byteCount
      // Safe: 2^20 nodes of 2^30 bytes each, grown 256-fold by packing, stay below 2^63.
      byteCount += AlignedMemory.roundUp(convolution.packedByteCount)
    }
    guard byteCount <= byteCountLimit else {
      throw .limitExceeded(limit: .packedByteCount, got: byteCount, allowed: byteCountLimit)
    }
    guard let memory = PageMemory(byteCount: byteCount, usesLargePages: true) else { throw .outOfMemory(byteCount: byteCount) }
    self.tensors = tensors
    self.memory = memory
  }

  var byteCount: Int { memory.byteCount }

  /// What the graph's rules ask of the weights taken, by tensor.
  var summaries: [Int: WeightSummary] { tensors.mapValues(\.summary) }

  func wants(tensor: Int) -> Bool { tensors[tensor] != nil }

  func take(_ elements: UnsafeRawBufferPointer, of tensor: Int, from first: Int) {
    tensors[tensor]?.take(elements, from: first, memory.base)
  }

  /// Takes the weights of a graph that holds them and has been validated.
  func takeAll(of graph: Graph, threads: Int) {
    let indices = tensors.keys.sorted()
    Workers.forEach(indices.count, threads: threads) { index in
      graph.tensors[indices[index]].constant?.bytes.withUnsafeBytes { self.take($0, of: indices[index], from: 0) }
    }
  }

  /// Leaves out the zeros of weights that have so many of them that it saves time. All weights have been taken.
  func skipZeros(threads: Int) {
    let tensors = Array(tensors.values)
    Workers.forEach(tensors.count, threads: threads) { tensors[$0].skipZeros(self.memory.base) }
  }

  /// The weights of a node, packed for the kernel that computes it.
  func weights(_ convolution: Convolution, ofTensor tensor: Int) -> Packed {
    guard let packed = tensors[tensor], let byteOffset = packed.byteOffsets[convolution.packing] else {
      preconditionFailure("tensor \(tensor) is not packed")
    }
    // Safe: a place of this tensor, within `memory`, aligned to 64, packed as elements of this type.
    let bytes = UnsafeRawPointer(memory.base + byteOffset).assumingMemoryBound(to: Int8.self)
    let sparseByteCount = packed.sparseByteCounts[convolution.packing]
    return Packed(bytes: bytes, byteCount: sparseByteCount ?? convolution.packedByteCount, isSparse: sparseByteCount != nil)
  }

  struct Packed {
    let bytes: UnsafePointer<Int8>
    let byteCount: Int
    /// Blocks without zeros (`nn_pack_sparse`).
    let isSparse: Bool
  }
}

/// One tensor of weights on its way: nodes of different kinds may share it.
///
/// Sendable: it is changed by one thread only, the one that takes its elements, and read after that.
private final class PackedTensor: @unchecked Sendable {
  var convolutions: [Convolution] = []
  /// In the memory of all weights.
  var byteOffsets: [Convolution.Packing: Int] = [:]
  /// What is left without the zeros, where they were left out.
  var sparseByteCounts: [Convolution.Packing: Int] = [:]
  var summary: WeightSummary

  init(shape: [Int]) { summary = WeightSummary(shape: shape) }

  func take(_ elements: UnsafeRawBufferPointer, from first: Int, _ base: UnsafeMutableRawPointer) {
    summary.add(elements, from: first)
    for convolution in convolutions {
      guard let byteOffset = byteOffsets[convolution.packing] else { continue }
      // Safe: places do not overlap, and all elements of the tensor fit into each of its own.
      convolution.pack(elements, from: first, into: base + byteOffset)
    }
  }

  func skipZeros(_ base: UnsafeMutableRawPointer) {
    for convolution in convolutions {
      guard let byteOffset = byteOffsets[convolution.packing] else { continue }
      // Safe: a place of this tensor, packed for this convolution.
      let place = UnsafeMutableRawBufferPointer(start: base + byteOffset, count: convolution.packedByteCount)
      sparseByteCounts[convolution.packing] = convolution.skipZeros(in: place)
    }
  }
}

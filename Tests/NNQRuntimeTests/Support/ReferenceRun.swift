import NNQFormat
import NNQGraph
import TestSupport

/// What the reference executor makes of random inputs, a run for each batch item.
struct ReferenceRun {
  let graph: Graph
  /// By batch item, then input port.
  let inputs: [[[Int32]]]
  /// By batch item, then tensor.
  let activations: [[[Int32]?]]

  init(_ graph: Graph, batch: Int, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    self.graph = graph
    inputs = (0..<batch).map { _ in
      zip(graph.inputs, graph.indexCounts).map { port, indexCount in
        let tensor = graph.tensors[port.tensor]
        let range = indexCount.map { 0...Int32($0 - 1) } ?? (tensor.elementType == .u8 ? 0...255 : -32768...32767)
        return (0..<tensor.elementCount).map { _ in Int32.random(in: range, using: &random) }
      }
    }
    activations = inputs.map(ReferenceExecutor(graph).run)
  }

  /// An activation of items 0..<batch as the little-endian bytes of its elements in memory order.
  func bytes(ofTensor index: Int, batch: Int) -> [UInt8] {
    activations[..<batch].flatMap { littleEndian($0[index] ?? [], graph.tensors[index].elementType) }
  }

  /// Input `port` of items 0..<batch, alike.
  func bytes(ofInput port: Int, batch: Int) -> [UInt8] {
    inputs[..<batch].flatMap { littleEndian($0[port], graph.tensors[graph.inputs[port].tensor].elementType) }
  }

  private func littleEndian(_ values: [Int32], _ type: ElementType) -> [UInt8] {
    values.flatMap { value in (0..<type.byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * Int32($0))) } }
  }
}

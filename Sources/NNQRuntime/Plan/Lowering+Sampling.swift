import CKernels
import NNQGraph

/// take, resize and gather. Spec: operators.md 3.11, 3.12 and 3.19.
extension Lowering {
  /// Blocks of what lies behind the axis, or single elements of each pixel when the axis is the last.
  mutating func lowerTake(axis: Int, of index: Int) throws(RuntimeError) {
    let (x, y) = (input(0, of: index), try output(of: index))
    let (source, target) = (graph.tensors[graph.nodes[index].inputs[0]].shape, graph.tensors[graph.nodes[index].outputs[0]].shape)
    let isLast = axis == source.count - 1
    let blockByteCount = isLast ? x.layout.elementByteCount : source[(axis + 1)...].dropLast().reduce(x.layout.pixelStride, *)
    let groupCount = source[1..<axis].reduce(x.layout.imageCount, *)
    // Safe: an extent of a planned activation fits 31 bits.
    let parameters = nn_take(
      indices: constants.copy(ofNode: index).assumingMemoryBound(to: UInt32.self), extent: Int32(source[axis]),
      count: Int32(target[axis]), block_bytes: blockByteCount, source_stride: isLast ? x.layout.pixelStride : source[axis] * blockByteCount,
      destination_stride: isLast ? y.layout.pixelStride : target[axis] * blockByteCount)
    try emit(kernels.pointee.take, of: index, from: x, to: y, rowCount: groupCount * target[axis]) { $0.u.take = parameters }
  }

  mutating func lowerGather(_ index: Int) throws(RuntimeError) {
    // Safe: an extent fits 31 bits (format.md 5.1.1).
    let parameters = nn_lookup(
      table: constants.copy(ofNode: index).assumingMemoryBound(to: UInt8.self),
      row_count: Int32(graph.tensors[graph.nodes[index].inputs[1]].shape[0]))
    try emit(kernels.pointee.lookup, of: index, from: input(0, of: index), to: try output(of: index)) { $0.u.lookup = parameters }
  }

  mutating func lowerResize(_ index: Int) throws(RuntimeError) {
    let parameters = nn_resize(
      rows: constants.copy(ofNode: index, operand: 1).assumingMemoryBound(to: UInt32.self),
      columns: constants.copy(ofNode: index, operand: 2).assumingMemoryBound(to: UInt32.self))
    try emit(kernels.pointee.resize, of: index, from: input(0, of: index), to: try output(of: index)) { $0.u.resize = parameters }
  }
}

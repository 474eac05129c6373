import CKernels
import NNQGraph

/// Pools, softmax and table. Spec: operators.md 3.2 to 3.5.
extension Lowering {
  mutating func lower(_ window: Window, of index: Int) throws(RuntimeError) {
    let parameters = nn_pool(window)
    try emit(kernels.pointee.max_pool, of: index, from: input(0, of: index), to: try output(of: index)) { $0.u.pool = parameters }
  }

  mutating func lower(_ pool: AveragePool, of index: Int) throws(RuntimeError) {
    var parameters = nn_pool(pool.window)
    parameters.count_include_pad = pool.countIncludePad ? 1 : 0
    parameters.multiplier = pool.multiplier
    parameters.shift = pool.shift
    try emit(kernels.pointee.average_pool, of: index, from: input(0, of: index), to: try output(of: index)) { $0.u.pool = parameters }
  }

  mutating func lowerSoftmax(_ index: Int) throws(RuntimeError) {
    let parameters = nn_softmax(exponential: constants.copy(ofNode: index).assumingMemoryBound(to: UInt32.self))
    try emit(kernels.pointee.softmax, of: index, from: input(0, of: index), to: try output(of: index)) { $0.u.softmax = parameters }
  }

  mutating func lowerTable(_ index: Int) throws(RuntimeError) {
    let (x, y) = (input(0, of: index), try output(of: index))
    let isPerChannel = graph.tensors[graph.nodes[index].inputs[1]].shape.count == 2
    let entryCount = x.layout.elementByteCount == 1 ? 256 : 513
    let parameters = nn_table(
      entries: constants.copy(ofNode: index), channel_stride: isPerChannel ? Int32(entryCount) : 0,
      shift: y.layout.elementByteCount == 1 ? 13 : 7)
    try emit(kernels.pointee.table, of: index, from: x, to: y) { $0.u.table = parameters }
  }
}

extension nn_pool {
  /// Safe: attributes are s32 in the file.
  fileprivate init(_ window: Window) {
    self.init()
    kernel_height = Int32(window.kernel.height)
    kernel_width = Int32(window.kernel.width)
    stride_height = Int32(window.stride.height)
    stride_width = Int32(window.stride.width)
    pad_top = Int32(window.padding.top)
    pad_left = Int32(window.padding.left)
  }
}

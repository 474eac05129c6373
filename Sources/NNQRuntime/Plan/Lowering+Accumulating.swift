import CKernels
import NNQGraph

/// conv2D and dense. Spec: operators.md 2.
extension Lowering {
  mutating func lowerConvolution(_ index: Int) throws(RuntimeError) {
    let node = graph.nodes[index]
    guard let convolution = Convolution(node, in: graph) else { preconditionFailure("node \(index) is no convolution") }
    let residual = node.inputs.count > 5 ? input(5, of: index) : nil
    let (x, y) = (input(0, of: index), try output(of: index))
    let weights = constants.weights(convolution, ofTensor: node.inputs[1])
    let parameters = convolution.parameters(
      constants.convolution(ofNode: index, weights: weights), outputZeroPoint: y.layout.zeroPoint,
      residualZeroPoint: residual?.layout.zeroPoint ?? 0)
    let taps = convolution.kernel.height * convolution.kernel.width * convolution.groupChannels
    try emit(
      kernel(for: convolution.kind, isSparse: weights.isSparse), of: index, from: x, and: residual, to: y,
      splitsColumns: convolution.kind == .panels,
      macCount: y.layout.pixelCount * y.layout.channels * taps, constantByteCount: weights.byteCount
    ) { $0.u.conv = parameters }
  }

  private func kernel(for kind: Convolution.Kind, isSparse: Bool) -> nn_kernel? {
    switch kind {
    case .panels where isSparse: kernels.pointee.sparse
    case .panels: kernels.pointee.conv
    case .depthwise: kernels.pointee.depthwise
    case .grouped: kernels.pointee.grouped
    }
  }
}

extension Convolution {
  /// - Parameter packed: the constants.
  fileprivate func parameters(_ packed: nn_conv, outputZeroPoint: Int32, residualZeroPoint: Int32) -> nn_conv {
    var conv = packed
    // Safe: extents are those of tensors, attributes at most 65535 (operators.md 2.4); both fit 31 bits.
    conv.kernel_height = Int32(kernel.height)
    conv.kernel_width = Int32(kernel.width)
    conv.stride_height = Int32(window.stride.height)
    conv.stride_width = Int32(window.stride.width)
    conv.dilation_height = Int32(window.dilation.height)
    conv.dilation_width = Int32(window.dilation.width)
    conv.pad_top = Int32(window.padding.top)
    conv.pad_left = Int32(window.padding.left)
    conv.groups = kind == .panels ? 1 : Int32(window.groups)
    let epilogue = window.epilogue
    conv.epilogue.lo = epilogue.lo
    conv.epilogue.hi = epilogue.hi
    conv.epilogue.residual_multiplier = epilogue.residualMultiplier
    // Equations (4) and (6); both zero points are at most 255, m_r below 2^15.
    conv.epilogue.c = 1 << 14 + outputZeroPoint << 15 - residualZeroPoint * epilogue.residualMultiplier
    return conv
  }
}

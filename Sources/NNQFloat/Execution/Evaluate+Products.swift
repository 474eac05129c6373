import CKernels

extension FloatConv {
  /// Operands: x, weights, bias.
  func evaluate(_ operands: [FloatTensor], outputShape: [Int], isa: nn_isa) -> [Float] {
    let (x, weights) = (operands[0], operands[1])
    let bias = operands.count == 3 ? operands[2].elements : [Float](repeating: 0, count: outputShape[1])
    let geometry = geometry(input: x.shape, weights: weights.shape, output: outputShape)
    let scratchCount = nn_f32_depthwise_scratch_count([geometry])
    let isDepthwise = groups > 1 && groups == x.shape[1] && scratchCount <= Self.maximumScratchCount
    var scratch = [Float](repeating: 0, count: isDepthwise ? scratchCount : 0)
    let kernels = nn_f32_kernels_for(isa).pointee
    let (inputCount, outputCount) = (x.elements.count / x.shape[0], outputShape.reduce(1, *) / x.shape[0])
    return [Float](count: outputCount * x.shape[0]) { y in
      x.elements.withUnsafeBufferPointer { x in
        // Safe: non-empty buffers of the sizes the shapes give; shape inference has checked the geometry.
        for image in 0..<(y.count / outputCount) {
          let (from, to) = (x.baseAddress! + image * inputCount, y.baseAddress! + image * outputCount)
          if isDepthwise {
            kernels.depthwise([geometry], from, weights.elements, bias, to, &scratch)
          } else {
            kernels.conv([geometry], from, weights.elements, bias, to)
          }
        }
      }
    }
  }

  /// 64 MiB: planes of 4096 x 4096. Absurd paddings in a file could ask for 2^34 elements; then the general kernel, which
  /// needs no scratch, gives the same bits.
  private static let maximumScratchCount = 1 << 24

  /// A convolution over one spatial axis is one of height 1.
  private func geometry(input: [Int], weights: [Int], output: [Int]) -> nn_f32_conv {
    let isPlane = input.count == 4
    let width = input.count - 1
    return nn_f32_conv(
      groups: groups,
      channels: input[1], height: isPlane ? input[2] : 1, width: input[width],
      out_channels: output[1], out_height: isPlane ? output[2] : 1, out_width: output[width],
      kernel_height: isPlane ? weights[2] : 1, kernel_width: weights[width],
      stride_height: isPlane ? strides[0] : 1, stride_width: strides[width - 2],
      dilation_height: isPlane ? dilations[0] : 1, dilation_width: dilations[width - 2],
      pad_top: isPlane ? pads[0] : 0, pad_left: pads[width - 2])
  }
}

extension FloatOperation {
  /// The weights are the left factor, so that each output is the same chain however many rows x has.
  func evaluateDense(_ operands: [FloatTensor], isa: nn_isa) -> [Float] {
    let (x, weights) = (operands[0], operands[1])
    let (rows, depth) = (weights.shape[0], weights.shape[1])
    let columns = x.elements.count / depth
    let bias = operands.count == 3 ? operands[2].elements : [Float](repeating: 0, count: rows)
    let columnsOfX = transposed(x.elements, rows: columns, columns: depth)
    let product = [Float](count: rows * columns) { c in
      // Safe: the sizes are those of the shapes, which shape inference has checked.
      nn_f32_kernels_for(isa).pointee.gemm(weights.elements, columnsOfX, bias, c.baseAddress!, rows, columns, depth)
    }
    return transposed(product, rows: rows, columns: columns)
  }
}

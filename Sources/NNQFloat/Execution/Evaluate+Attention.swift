import CKernels

extension FloatOperation {
  /// Each output is one chain of fused multiply-adds over the depth.
  func evaluateMatMul(_ a: FloatTensor, _ b: FloatTensor, scale: Float, outputShape: [Int], isa: nn_isa) -> [Float] {
    let rank = outputShape.count
    let (rows, columns, depth) = (outputShape[rank - 2], outputShape[rank - 1], a.shape[a.shape.count - 1])
    let leading = Array(outputShape.dropLast(2))
    let space = StridedSpace(
      shape: leading, stridesA: matrixStrides(a.shape, to: leading), stridesB: matrixStrides(b.shape, to: leading))
    let zeros = [Float](repeating: 0, count: rows)
    let gemm = nn_f32_kernels_for(isa).pointee.gemm
    return [Float](count: outputShape.reduce(1, *)) { y in
      a.elements.withUnsafeBufferPointer { a in
        b.elements.withUnsafeBufferPointer { b in
          var output = 0
          space.forEachRow { offsetA, offsetB in
            for i in 0..<space.rowLength {
              // Safe: non-empty buffers of the sizes the shapes give, which shape inference has checked.
              gemm!(
                a.baseAddress! + (offsetA + i * space.rowStrideA) * rows * depth,
                b.baseAddress! + (offsetB + i * space.rowStrideB) * depth * columns, zeros, y.baseAddress! + output, rows, columns, depth)
              output += rows * columns
            }
          }
          if scale != 1 { for i in y.indices { y[i] *= scale } }
        }
      }
    }
  }

  /// In Double, rounded once. Operands: x, scale, bias.
  func evaluateLayerNormalization(_ operands: [FloatTensor], _ norm: FloatLayerNorm) -> [Float] {
    let (x, scale, bias) = (operands[0].elements, operands[1].elements, operands[2].elements)
    let length = scale.count
    return [Float](count: x.count) { y in
      for start in stride(from: 0, to: x.count, by: length) {
        let row = x[start..<start + length]
        let mean = norm.subtractsMean ? row.reduce(0) { $0 + Double($1) } / Double(length) : 0
        let square = row.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(length)
        let deviation = (square + Double(norm.epsilon)).squareRoot()
        for i in 0..<length {
          y[start + i] = Float((Double(x[start + i]) - mean) / deviation * Double(scale[i]) + Double(bias[i]))
        }
      }
    }
  }

  /// Sums in Double and in memory order.
  func evaluateReduction(_ x: FloatTensor, _ reduction: FloatReduction, outputShape: [Int]) -> [Float] {
    let count = outputShape.reduce(1, *)
    let elementCount = Double(x.elements.count / count)
    switch reduction {
    case .sum: return x.folded(to: outputShape, 0) { $0 + $1 }.map { Float($0) }
    case .mean: return x.folded(to: outputShape, 0) { $0 + $1 }.map { Float($0 / elementCount) }
    case .max: return x.folded(to: outputShape, -.infinity) { max($0, $1) }.map { Float($0) }
    case .min: return x.folded(to: outputShape, .infinity) { min($0, $1) }.map { Float($0) }
    }
  }
}

extension FloatTensor {
  /// Combines, in memory order, the elements along the axes that `outputShape` has shorter.
  fileprivate func folded(to outputShape: [Int], _ start: Double, _ combine: (Double, Double) -> Double) -> [Double] {
    let strides = contiguousStrides(outputShape)
    let kept = shape.indices.map { shape[$0] == outputShape[$0] ? strides[$0] : 0 }
    let space = StridedSpace(shape: shape, stridesA: contiguousStrides(shape), stridesB: kept)
    var result = [Double](repeating: start, count: outputShape.reduce(1, *))
    space.forEachRow { offset, place in
      for i in 0..<space.rowLength {
        let target = place + i * space.rowStrideB
        result[target] = combine(result[target], Double(elements[offset + i * space.rowStrideA]))
      }
    }
    return result
  }
}

/// How many matrices lie between neighbours along each leading axis of the output; 0 along those that repeat.
private func matrixStrides(_ shape: [Int], to leading: [Int]) -> [Int] {
  let own = Array(shape.dropLast(2))
  let strides = zip(own, contiguousStrides(own)).map { extent, stride in extent == 1 ? 0 : stride }
  return [Int](repeating: 0, count: leading.count - own.count) + strides
}

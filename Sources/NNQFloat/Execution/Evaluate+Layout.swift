extension FloatOperation {
  func evaluateTranspose(_ x: FloatTensor, _ permutation: [Int], outputShape: [Int]) -> [Float] {
    let strides = contiguousStrides(x.shape)
    return [Float](count: x.elements.count) { y in
      copy(x.elements, strides: permutation.map { strides[$0] }, to: y, strides: contiguousStrides(outputShape), shape: outputShape)
    }
  }

  func evaluatePad(_ x: FloatTensor, before: [Int], value: Float, outputShape: [Int]) -> [Float] {
    let strides = contiguousStrides(outputShape)
    let first = zip(before, strides).reduce(0) { $0 + $1.0 * $1.1 }
    return [Float](count: outputShape.reduce(1, *)) { y in
      y.update(repeating: value)
      copy(x.elements, strides: contiguousStrides(x.shape), to: y, startingAt: first, strides: strides, shape: x.shape)
    }
  }

  func evaluateSlice(_ x: FloatTensor, begin: [Int], step: [Int], outputShape: [Int]) -> [Float] {
    let strides = contiguousStrides(x.shape)
    let first = zip(begin, strides).reduce(0) { $0 + $1.0 * $1.1 }
    return [Float](count: outputShape.reduce(1, *)) { y in
      copy(
        x.elements, from: first, strides: zip(strides, step).map { $0 * $1 }, to: y, strides: contiguousStrides(outputShape),
        shape: outputShape)
    }
  }

  /// The executor has checked that the elements of x are rows of the table.
  func evaluateGather(_ x: FloatTensor, _ table: FloatTensor) -> [Float] {
    let (rowCount, channels) = (table.shape[0], table.shape[1])
    return x.elements.flatMap { number in
      let row = min(max(Int(number), 0), rowCount - 1)
      return table.elements[row * channels..<(row + 1) * channels]
    }
  }

  func evaluateConcat(_ operands: [FloatTensor], axis: Int, outputShape: [Int]) -> [Float] {
    let strides = contiguousStrides(outputShape)
    return [Float](count: outputShape.reduce(1, *)) { y in
      var first = 0
      for x in operands {
        copy(x.elements, strides: contiguousStrides(x.shape), to: y, startingAt: first, strides: strides, shape: x.shape)
        first += x.shape[axis] * strides[axis]
      }
    }
  }
}

/// The transpose of a row-major matrix.
package func transposed(_ matrix: [Float], rows: Int, columns: Int) -> [Float] {
  if rows == 1 || columns == 1 { return matrix }
  return [Float](count: matrix.count) { y in
    copy(matrix, strides: [1, columns], to: y, strides: [rows, 1], shape: [columns, rows])
  }
}

/// Copies a box of elements between tensors of any strides.
private func copy(
  _ x: [Float], from firstX: Int = 0, strides stridesX: [Int], to y: UnsafeMutableBufferPointer<Float>,
  startingAt firstY: Int = 0, strides stridesY: [Int], shape: [Int]
) {
  let space = StridedSpace(shape: shape, stridesA: stridesX, stridesB: stridesY)
  let (length, strideX, strideY) = (space.rowLength, space.rowStrideA, space.rowStrideB)
  x.withUnsafeBufferPointer { x in
    space.forEachRow { offsetX, offsetY in
      // Safe: shape inference has checked that the box lies inside both tensors.
      for i in 0..<length { y[firstY + offsetY + i * strideY] = x[firstX + offsetX + i * strideX] }
    }
  }
}

extension FloatWindow {
  /// The largest element of each window; padding is left out.
  func maxima(_ x: FloatTensor, outputShape: [Int]) -> [Float] {
    evaluate(x, outputShape: outputShape) { plane, rows, columns, width in
      var maximum = plane[rows.lowerBound * width + columns.lowerBound]
      for row in rows {
        for column in columns { maximum = max(maximum, plane[row * width + column]) }
      }
      return maximum
    }
  }

  /// The mean of each window's elements; with `countIncludePad` padding counts as zeros.
  func averages(_ x: FloatTensor, outputShape: [Int], countIncludePad: Bool) -> [Float] {
    let kernelSize = kernel.reduce(1, *)
    return evaluate(x, outputShape: outputShape) { plane, rows, columns, width in
      var sum = 0.0
      for row in rows {
        for column in columns { sum += Double(plane[row * width + column]) }
      }
      return Float(sum / Double(countIncludePad ? kernelSize : rows.count * columns.count))
    }
  }

  /// Calls `reduce` with each plane and the part of each window that lies in it. One spatial axis is a plane of height 1.
  @inline(__always)
  private func evaluate(
    _ x: FloatTensor, outputShape: [Int],
    _ reduce: (_ plane: UnsafeBufferPointer<Float>, _ rows: Range<Int>, _ columns: Range<Int>, _ width: Int) -> Float
  ) -> [Float] {
    let isPlane = x.shape.count == 4
    let width = x.shape[x.shape.count - 1]
    let rowWindows = isPlane ? windows(axis: 0, input: x.shape[2], output: outputShape[2]) : [0..<1]
    let columnWindows = windows(axis: kernel.count - 1, input: width, output: outputShape[outputShape.count - 1])
    let planeSize = width * (isPlane ? x.shape[2] : 1)
    return [Float](count: outputShape.reduce(1, *)) { y in
      x.elements.withUnsafeBufferPointer { x in
        var index = 0
        for first in stride(from: 0, to: x.count, by: planeSize) {
          let plane = UnsafeBufferPointer(rebasing: x[first..<first + planeSize])
          for rows in rowWindows {
            for columns in columnWindows {
              y[index] = reduce(plane, rows, columns, width)
              index += 1
            }
          }
        }
      }
    }
  }

  /// For each output place along a spatial axis the input places its window covers; at least one, as shape inference checks.
  private func windows(axis: Int, input: Int, output: Int) -> [Range<Int>] {
    (0..<output).map { place in
      let begin = place * strides[axis] - pads[axis]
      return max(begin, 0)..<min(begin + kernel[axis], input)
    }
  }
}

extension FloatOperation {
  func evaluateGlobalAveragePool(_ x: FloatTensor) -> [Float] {
    let planeCount = x.shape[0] * x.shape[1]
    let planeSize = x.elements.count / planeCount
    return (0..<planeCount).map { plane in
      var sum = 0.0
      for i in plane * planeSize..<(plane + 1) * planeSize { sum += Double(x.elements[i]) }
      return Float(sum / Double(planeSize))
    }
  }
}

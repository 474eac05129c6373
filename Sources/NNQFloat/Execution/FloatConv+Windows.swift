extension FloatConv {
  /// The windows of one group's input channels, as the columns that its weights multiply: depth x positions, row-major, with
  /// rows in the order of the weights (c, r, s) and columns in that of the output. Padding is 0.
  ///
  /// - Parameters:
  ///   - x: one image, N,C,H,W or N,C,W with N = 1.
  ///   - kernel: extents of the spatial axes of the weights.
  ///   - output: extents of the spatial axes of the output, which shape inference gave.
  package func windows(_ x: FloatTensor, group: Int, kernel: [Int], output: [Int]) -> FloatMatrix {
    let isPlane = x.shape.count == 4
    let (height, width) = (isPlane ? x.shape[2] : 1, x.shape[isPlane ? 3 : 2])
    let channelCount = x.shape[1] / groups
    let rowTaps = isPlane ? taps(axis: 0, kernel: kernel, output: output) : [[0]]
    let columnTaps = taps(axis: kernel.count - 1, kernel: kernel, output: output)
    let positionCount = output.reduce(1, *)
    let depth = channelCount * kernel.reduce(1, *)
    let elements = [Float](count: depth * positionCount) { y in
      y.update(repeating: 0)
      var first = 0
      for channel in group * channelCount..<(group + 1) * channelCount {
        for rows in rowTaps {
          for columns in columnTaps {
            for row in rows {
              // Safe: only places inside the plane are read, and as many are written as there are positions.
              if (0..<height).contains(row) {
                let line = (channel * height + row) * width
                for (offset, column) in columns.enumerated() where (0..<width).contains(column) {
                  y[first + offset] = x.elements[line + column]
                }
              }
              first += columns.count
            }
          }
        }
      }
    }
    return FloatMatrix(rows: depth, columns: positionCount, elements: elements)
  }

  /// For each kernel place along an axis the input places it meets, one for each output place; some lie in the padding.
  private func taps(axis: Int, kernel: [Int], output: [Int]) -> [[Int]] {
    (0..<kernel[axis]).map { tap in (0..<output[axis]).map { $0 * strides[axis] + tap * dilations[axis] - pads[axis] } }
  }
}

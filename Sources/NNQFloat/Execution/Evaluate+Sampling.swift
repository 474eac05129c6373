extension FloatOperation {
  /// One axis after the other.
  func evaluateResize(_ operands: [FloatTensor]) -> [Float] {
    var x = operands[0]
    for axis in 2..<x.shape.count { x = x.interpolated(along: axis, at: operands[axis - 1].elements) }
    return x.elements
  }
}

extension FloatTensor {
  /// The values at places along one axis, linear between two elements.
  ///
  /// - Parameter places: within the axis, as the graph has checked.
  func interpolated(along axis: Int, at places: [Float]) -> FloatTensor {
    let (extent, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
    var newShape = shape
    newShape[axis] = places.count
    var result: [Float] = []
    result.reserveCapacity(newShape.reduce(1, *))
    for outer in 0..<elements.count / (extent * inner) {
      for place in places {
        let (index, fraction) = (Int(place), place - place.rounded(.down))
        let first = (outer * extent + index) * inner
        if fraction == 0 {
          result += elements[first..<first + inner]
        } else {
          for i in first..<first + inner { result.append(elements[i] * (1 - fraction) + elements[i + inner] * fraction) }
        }
      }
    }
    return FloatTensor(shape: newShape, elements: result)
  }
}

extension FloatConv {
  /// Operands: x, weights, bias. The converter makes convolutions of these, so this only needs to be right: each output is its
  /// bias, then the products in the order of input channels, input elements and taps, each rounded.
  func evaluateTransposed(_ operands: [FloatTensor], outputShape: [Int]) -> [Float] {
    let (x, weights) = (operands[0].asPlane, operands[1].asPlane)
    let (channels, outputChannels) = (x.shape[1], outputShape[1])
    let plane = Plane(self, output: outputShape)
    var y = [Float](repeating: 0, count: outputShape.reduce(1, *))
    for image in 0..<x.shape[0] {
      for k in 0..<outputChannels {
        let first = (image * outputChannels + k) * plane.elementCount
        if operands.count == 3 { for i in first..<first + plane.elementCount { y[i] = operands[2].elements[k] } }
        let firstChannel = k / (outputChannels / groups) * weights.shape[1]
        for c in 0..<weights.shape[1] {
          plane.scatter(
            x, channel: image * channels + firstChannel + c, weights, kernel: k * weights.shape[1] + c, into: &y, at: first)
        }
      }
    }
    return y
  }

  /// One output channel; an operation over one spatial axis is one of height 1.
  private struct Plane {
    let height: Int
    let width: Int
    private let stride: (Int, Int)
    private let dilation: (Int, Int)
    private let pad: (Int, Int)

    init(_ conv: FloatConv, output: [Int]) {
      let isPlane = output.count == 4
      let last = conv.strides.count - 1
      (height, width) = (isPlane ? output[2] : 1, output[output.count - 1])
      stride = (isPlane ? conv.strides[0] : 1, conv.strides[last])
      dilation = (isPlane ? conv.dilations[0] : 1, conv.dilations[last])
      pad = (isPlane ? conv.pads[0] : 0, conv.pads[last])
    }

    var elementCount: Int { height * width }

    func scatter(_ x: FloatTensor, channel: Int, _ weights: FloatTensor, kernel: Int, into y: inout [Float], at first: Int) {
      let (rows, columns, kernelRows, kernelColumns) = (x.shape[2], x.shape[3], weights.shape[2], weights.shape[3])
      for i in 0..<rows {
        for r in 0..<kernelRows {
          let row = i * stride.0 + r * dilation.0 - pad.0
          guard (0..<height).contains(row) else { continue }
          for j in 0..<columns {
            let value = x.elements[(channel * rows + i) * columns + j]
            for s in 0..<kernelColumns {
              let column = j * stride.1 + s * dilation.1 - pad.1
              guard (0..<width).contains(column) else { continue }
              y[first + row * width + column] += value * weights.elements[(kernel * kernelRows + r) * kernelColumns + s]
            }
          }
        }
      }
    }
  }
}

extension FloatTensor {
  /// N,C,L as N,C,1,L.
  fileprivate var asPlane: FloatTensor {
    shape.count == 3 ? FloatTensor(shape: [shape[0], shape[1], 1, shape[2]], elements: elements) : self
  }
}

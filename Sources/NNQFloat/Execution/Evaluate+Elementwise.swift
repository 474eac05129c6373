extension FloatUnary {
  package func evaluate(_ x: [Float]) -> [Float] {
    switch self {
    case .relu: map(x) { $0 > 0 ? $0 : 0 }
    case .clip(let lo, let hi): map(x) { $0 < lo ? lo : $0 > hi ? hi : $0 }
    case .sigmoid: map(x) { Float(DeterministicMath.sigmoid(Double($0))) }
    case .tanh: map(x) { Float(DeterministicMath.tanh(Double($0))) }
    case .hardSigmoid(let alpha, let beta): map(x) { clampedLine($0, alpha: alpha, beta: beta) }
    case .hardSwish: map(x) { $0 * clampedLine($0, alpha: 1 / 6, beta: 0.5) }
    case .leakyRelu(let alpha): map(x) { $0 < 0 ? alpha * $0 : $0 }
    case .function(let function): map(x) { Float(function(Double($0))) }
    case .elu(let alpha): map(x) { exponentialLinear($0, alpha: alpha, rate: 1, gamma: 1) }
    case .selu(let alpha, let gamma): map(x) { exponentialLinear($0, alpha: alpha, rate: 1, gamma: gamma) }
    case .celu(let alpha): map(x) { exponentialLinear($0, alpha: alpha, rate: alpha, gamma: 1) }
    case .thresholdedRelu(let alpha): map(x) { $0 > alpha ? $0 : 0 }
    case .shrink(let bias, let lambda): map(x) { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 }
    case .swish(let alpha): map(x) { Float(Double($0) * DeterministicMath.sigmoid(Double(alpha) * Double($0))) }
    }
  }

  @inline(__always)
  private func map(_ x: [Float], _ function: (Float) -> Float) -> [Float] {
    [Float](count: x.count) { y in
      x.withUnsafeBufferPointer { x in
        for i in 0..<x.count { y[i] = function(x[i]) }
      }
    }
  }
}

@inline(__always)
private func clampedLine(_ x: Float, alpha: Float, beta: Float) -> Float {
  let line = alpha * x + beta
  return line < 0 ? 0 : line > 1 ? 1 : line
}

/// gamma * x for x >= 0, else gamma * alpha * (e^(x / rate) - 1), rounded once.
@inline(__always)
private func exponentialLinear(_ x: Float, alpha: Float, rate: Float, gamma: Float) -> Float {
  let (x, gamma) = (Double(x), Double(gamma))
  return Float(x < 0 ? gamma * Double(alpha) * DeterministicMath.expMinus1(x / Double(rate)) : gamma * x)
}

extension FloatBinary {
  /// The function of two numbers.
  @inline(__always)
  package func callAsFunction(_ a: Float, _ b: Float) -> Float {
    switch self {
    case .add: a + b
    case .sub: a - b
    case .mul: a * b
    case .div: a / b
    case .pow: Float(DeterministicMath.pow(Double(a), Double(b)))
    case .prelu: a < 0 ? b * a : a
    case .maximum: a > b ? a : b
    case .minimum: a < b ? a : b
    case .equal: a == b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .mask: b == 0 ? 0 : a
    }
  }

  func evaluate(_ a: FloatTensor, _ b: FloatTensor, outputShape: [Int]) -> [Float] {
    let space = StridedSpace(
      shape: outputShape, stridesA: broadcastStrides(a.shape, to: outputShape), stridesB: broadcastStrides(b.shape, to: outputShape))
    let count = outputShape.reduce(1, *)
    return [Float](count: count) { y in
      a.elements.withUnsafeBufferPointer { a in
        b.elements.withUnsafeBufferPointer { b in
          switch self {
          // One loop for each of these, which vectorises.
          case .add: combine(a, b, space, into: y, +)
          case .sub: combine(a, b, space, into: y, -)
          case .mul: combine(a, b, space, into: y, *)
          case .div: combine(a, b, space, into: y, /)
          case .maximum: combine(a, b, space, into: y) { $0 > $1 ? $0 : $1 }
          case .minimum: combine(a, b, space, into: y) { $0 < $1 ? $0 : $1 }
          case .pow, .prelu, .equal, .less, .lessOrEqual, .mask: combine(a, b, space, into: y) { self($0, $1) }
          }
        }
      }
    }
  }

  @inline(__always)
  private func combine(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ space: StridedSpace,
    into y: UnsafeMutableBufferPointer<Float>, _ function: (Float, Float) -> Float
  ) {
    let (length, strideA, strideB) = (space.rowLength, space.rowStrideA, space.rowStrideB)
    var row = 0
    space.forEachRow { offsetA, offsetB in
      // The first two are what nets do, and vectorise.
      if strideA == 1, strideB == 1 {
        for i in 0..<length { y[row + i] = function(a[offsetA + i], b[offsetB + i]) }
      } else if strideA == 1, strideB == 0 {
        for i in 0..<length { y[row + i] = function(a[offsetA + i], b[offsetB]) }
      } else {
        for i in 0..<length { y[row + i] = function(a[offsetA + i * strideA], b[offsetB + i * strideB]) }
      }
      row += length
    }
  }
}

/// Strides of a tensor read as a larger one: 0 along the axes that repeat.
private func broadcastStrides(_ shape: [Int], to larger: [Int]) -> [Int] {
  let strides = zip(shape, contiguousStrides(shape)).map { extent, stride in extent == 1 ? 0 : stride }
  return [Int](repeating: 0, count: larger.count - shape.count) + strides
}

extension FloatOperation {
  /// y = (x - mean) * scale / sqrt(variance + epsilon) + bias, in Double, rounded once.
  func evaluateBatchNormalization(_ operands: [FloatTensor], epsilon: Float) -> [Float] {
    let x = operands[0]
    let (scale, bias, mean, variance) = (operands[1].elements, operands[2].elements, operands[3].elements, operands[4].elements)
    let planeCount = x.shape[0] * x.shape[1]
    let planeSize = x.elements.count / planeCount
    return [Float](count: x.elements.count) { y in
      for plane in 0..<planeCount {
        let channel = plane % x.shape[1]
        let factor = Double(scale[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
        let (center, offset) = (Double(mean[channel]), Double(bias[channel]))
        for i in plane * planeSize..<(plane + 1) * planeSize {
          y[i] = Float((Double(x.elements[i]) - center) * factor + offset)
        }
      }
    }
  }

  /// e^(x - max) / sum, in Double, rounded once.
  func evaluateSoftmax(_ x: FloatTensor, axis: Int) -> [Float] {
    let (length, step) = (x.shape[axis], contiguousStrides(x.shape)[axis])
    var exponentials = [Double](repeating: 0, count: length)
    return [Float](count: x.elements.count) { y in
      for row in 0..<(y.count / length) {
        let first = row / step * step * length + row % step
        let indices = stride(from: first, to: first + length * step, by: step)
        let maximum = indices.reduce(x.elements[first]) { max($0, x.elements[$1]) }
        for (i, index) in indices.enumerated() {
          exponentials[i] = DeterministicMath.exp(Double(x.elements[index]) - Double(maximum))
        }
        let sum = exponentials.reduce(0, +)
        for (i, index) in indices.enumerated() { y[index] = Float(exponentials[i] / sum) }
      }
    }
  }
}

import NNQFormat

/// conv2D, dense and their epilogue. Spec: operators.md 2.
extension NodeOperands {
  func convolve(_ conv: Conv2D) -> [Int32] {
    let (x, weights) = (tensor(0).shape, tensor(1).shape)
    let (values, w) = (values(0), tensor(1).integers)
    let (height, width, channels) = (x[1], x[2], x[3])
    let (outputChannels, kernelHeight, kernelWidth, groupChannels) = (weights[0], weights[1], weights[2], weights[3])
    let zeroPoint = zeroPoint(tensor(0))
    let requantize = Requantization(self, conv.epilogue)
    return output.shape.withIndices { index in
      let (i, j, k) = (index[1], index[2], index[3])
      let firstChannel = k / (outputChannels / conv.groups) * groupChannels
      var accumulator = requantize.bias[k]
      for r in 0..<kernelHeight {
        for s in 0..<kernelWidth {
          let row = i * conv.stride.height + r * conv.dilation.height - conv.padding.top
          let column = j * conv.stride.width + s * conv.dilation.width - conv.padding.left
          guard (0..<height).contains(row), (0..<width).contains(column) else { continue }
          let pixel = (row * width + column) * channels + firstChannel
          let tap = ((k * kernelHeight + r) * kernelWidth + s) * groupChannels
          for c in 0..<groupChannels { accumulator += (Int(values[pixel + c]) - zeroPoint) * w[tap + c] }
        }
      }
      return requantize(accumulator, channel: k, at: ((i * output.shape[2]) + j) * outputChannels + k)
    }
  }

  func dense(_ epilogue: Epilogue) -> [Int32] {
    let (values, w) = (values(0), tensor(1).integers)
    let (channelCount, depth) = (tensor(1).shape[0], tensor(1).shape[1])
    let zeroPoint = zeroPoint(tensor(0))
    let requantize = Requantization(self, epilogue)
    return (0..<output.elementCount).map { element in
      let (row, k) = element.quotientAndRemainder(dividingBy: channelCount)
      var accumulator = requantize.bias[k]
      for c in 0..<depth { accumulator += (Int(values[row * depth + c]) - zeroPoint) * w[k * depth + c] }
      return requantize(accumulator, channel: k, at: element)
    }
  }
}

/// Operators.md 2.3 for one node.
private struct Requantization {
  let bias: [Int]
  private let multiplier: [Int]
  private let shift: [Int]
  private let residual: [Int32]?
  private let residualMultiplier: Int
  private let constant: Int
  private let lo: Int
  private let hi: Int

  init(_ operands: NodeOperands, _ epilogue: Epilogue) {
    bias = operands.tensor(2).integers
    multiplier = operands.tensor(3).integers
    shift = operands.tensor(4).integers
    residualMultiplier = Int(epilogue.residualMultiplier)
    (lo, hi) = (Int(epilogue.lo), Int(epilogue.hi))
    let start = 1 << 14 + operands.zeroPoint(operands.output) << 15
    if operands.node.inputs.count == 6 {
      residual = operands.values(5)
      constant = start - operands.zeroPoint(operands.tensor(5)) * residualMultiplier
    } else {
      residual = nil
      constant = start
    }
  }

  /// Equations (2), (3) and (5).
  func callAsFunction(_ accumulator: Int, channel k: Int, at element: Int) -> Int32 {
    let t = clamp((accumulator + half(shift[k])) >> shift[k], -32768, 32767)
    let r = residual.map { Int($0[element]) * residualMultiplier } ?? 0
    return Int32(clamp((t * multiplier[k] + r + constant) >> 15, lo, hi))
  }
}

import NNQFloat
import NNQFormat
import NNQGraph

/// Convolutions and dense layers of an operand of 16 bits. x = 256 h + l with two operands of 8 bits, h rounded and l what is
/// left, so that the layer is the sum of one of h and one of l, both with the same weights: exact but for the rounding of both
/// to an s16 grid.
extension Lowering {
  /// Tensors that hold the bytes of another one.
  struct Bytes {
    var high: Int
    var low: Int
  }

  mutating func appendBytewise(
    _ layer: Layer, _ stored: StoredLevels, x: Int, order: MemoryOrder, shape: [Int], _ operation: (Epilogue) -> NNQGraph.Operation
  ) {
    let input = plan.grid(layer.inputs[0])
    let output = plan.grid(layer.output)
    let bytes = self.bytes(of: x, input)
    let scales = stored.weights.quantized.scales
    let sums = ActivationGrid(bytewiseSumsOf: output, input: input, weightScales: scales)
    let steps = zip(stored.weights.bias, scales).map { Int((Double($0) / (input.scale * $1)).rounded(), clampedTo: -1 << 30...1 << 30) }
    let highSteps = steps.map { ($0 + 128) >> 8 }
    let epilogue = Epilogue(lo: Int32(sums.limits.lowerBound), hi: Int32(sums.limits.upperBound), residualMultiplier: 0)
    let parts = [
      (bytes.high, 256 * input.scale, highSteps), (bytes.low, input.scale, zip(steps, highSteps).map { $0 - $1 << 8 }),
    ].map { byte, scale, bias in
      let factors = scales.map { Multiplication(factor: scale * $0 / sums.scale) }
      let constants = channelConstants(bias, factors.map(\.multiplier), factors.map(\.shift))
      let part = append("", shape: shape, grid: sums)
      nodes.append(Node(operation(epilogue), inputs: [byte, stored.tensor] + constants, outputs: [part]))
      return part
    }
    let sum = Add(sums, sums, output, output.limits(of: layer.clamp))
    nodes.append(Node(.add(sum), inputs: parts, outputs: [place(layer.output, order: order, shape: shape)]))
  }

  private mutating func bytes(of x: Int, _ grid: ActivationGrid) -> Bytes {
    if let known = bytes[x] { return known }
    let (highGrid, lowGrid) = (
      ActivationGrid(.u8, scale: 256 * grid.scale, zeroPoint: 128), ActivationGrid(.u8, scale: grid.scale, zeroPoint: 128)
    )
    let high = append("", shape: tensors[x].shape, grid: highGrid)
    nodes.append(Node(.requantize(Requantize(grid, highGrid, highGrid.limits)), inputs: [x], outputs: [high]))
    let low = append("", shape: tensors[x].shape, grid: lowGrid)
    nodes.append(Node(.add(Add(grid, highGrid, lowGrid, lowGrid.limits, signB: -1)), inputs: [x, high], outputs: [low]))
    bytes[x] = Bytes(high: high, low: low)
    return Bytes(high: high, low: low)
  }
}

extension ActivationGrid {
  /// The grid of what each byte's layer gives: it holds the output's range, and multipliers stay below 1.
  fileprivate init(bytewiseSumsOf output: ActivationGrid, input: ActivationGrid, weightScales: [Double]) {
    let ends = [output.limits.lowerBound, output.limits.upperBound].map { abs(output.dequantize($0)) }
    let grid = output.elementType == .s16 ? output : ActivationGrid(s16: ends[0] + ends[1], isAccumulated: true)
    self = grid.coarsened(to: 256 * input.scale * (weightScales.max() ?? 0) * (32768.0 / 32766.0))
  }
}

/// A factor below 1 as m * 2^-(15 + s) with the most bits. Spec: operators.md 2.3.
private struct Multiplication {
  let multiplier: Int
  let shift: Int

  init(factor: Double) {
    shift = WeightGrid.largestShift(factor: factor, largestMultiplier: 32767)
    multiplier = Int((factor * Double(1 << (15 + shift))).rounded(), clampedTo: 256...32767)
  }
}

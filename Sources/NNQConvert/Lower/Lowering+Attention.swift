import NNQFloat
import NNQFormat
import NNQGraph

/// Products of activations, and normalisations.
extension Lowering {
  /// A right operand whose memory runs along the depth, as keys do in attention, is taken as it is. Spec: operators.md 3.17.
  mutating func lowerMatMul(_ layer: Layer, scale: Float) throws(ConvertError) {
    let shapes = layer.inputs.map { shape($0) }
    let y = shape(layer.output)
    let prefix = y[0] == 1 && y.count > 2 ? [] : [1]
    func tensorShape(_ shape: [Int]) -> [Int] { prefix + Array(repeating: 1, count: y.count - shape.count) + shape }
    let a = try tensor(layer.inputs[0], order: .rowMajor(shapes[0]), shape: tensorShape(shapes[0]), for: layer.name)
    let depthAxis = shapes[1].count - 2
    let swapped = Array(0..<depthAxis) + [depthAxis + 1, depthAxis]
    let parts = try placement(layer.inputs[1], for: layer.name).order.parts(of: shapes[1])
    let transposeB = parts?.last?.axis == depthAxis
    let b =
      transposeB
      ? try tensor(
        layer.inputs[1], order: MemoryOrder(shapes[1], axes: swapped), shape: tensorShape(shapes[1].permuted(by: swapped)), for: layer.name)
      : try tensor(layer.inputs[1], order: .rowMajor(shapes[1]), shape: tensorShape(shapes[1]), for: layer.name)
    let result = place(layer.output, order: .rowMajor(y), shape: tensorShape(y))
    nodes.append(Node(.matMul(try matMul(layer, scale: scale, transposeB: transposeB)), inputs: [a, b], outputs: [result]))
  }

  private func matMul(_ layer: Layer, scale: Float, transposeB: Bool) throws(ConvertError) -> MatMul {
    guard scale > 0 else { throw unsupported(layer, "its factor is \(scale), not above 0") }
    let (a, b, y) = (plan.grid(layer.inputs[0]), plan.grid(layer.inputs[1]), plan.grid(layer.output))
    let (multiplier, shift) = y.requantization(of: a.productScale(with: b) * Double(scale))
    return MatMul(
      transposeB: transposeB, multiplier: multiplier, shift: shift, lo: Int32(y.quantize(Double(layer.clamp.lowerBound))),
      hi: Int32(y.quantize(Double(layer.clamp.upperBound))))
  }

  /// Gain and offset have so many bits below a step of y that the largest of them fill theirs. Spec: operators.md 3.18.
  mutating func lowerLayerNormalization(_ layer: Layer, _ norm: FloatLayerNorm) throws(ConvertError) {
    let shape = shape(layer.inputs[0])
    let x = try rows(layer.inputs[0], along: shape.count - 1, for: layer.name)
    let columns = x.last.indices
    func constant(_ operand: Int) -> [Double] {
      let elements = net.graph.values[layer.inputs[operand]].constant ?? []
      return columns.map { Double(elements[$0]) / plan.grid(layer.output).scale }
    }
    guard layer.inputs.dropFirst().allSatisfy({ net.graph.values[$0].constant != nil }) else {
      throw unsupported(layer, "scale or bias are computed by the net")
    }
    let (gain, offset) = (constant(1), constant(2))
    let largest = max(gain.map(abs).max() ?? 0, (offset.map(abs).max() ?? 0) * 0x1p-1)
    var shift = 31
    while shift > 8, largest * Double(1 << shift) > 0x1p30 { shift -= 1 }
    let constants = [
      append("", .s16, shape: [columns.count], Constant(gain.map { scaled($0, by: shift - 15, to: -32768...32767) }, as: .s16)),
      append("", .s32, shape: [columns.count], Constant(offset.map { scaled($0, by: shift, to: -1 << 31...1 << 31 - 1) }, as: .s32)),
    ]
    let (epsilon, epsilonShift) = scaledEpsilon(norm.epsilon, length: columns.count, step: plan.grid(layer.inputs[0]).scale)
    let operation = LayerNorm(
      subtractsMean: norm.subtractsMean, epsilon: epsilon, epsilonShift: epsilonShift, shift: Int32(shift))
    let y = place(layer.output, order: MemoryOrder(x.leading + x.last, of: shape), shape: tensors[x.tensor].shape)
    nodes.append(Node(.layerNorm(operation), inputs: [x.tensor] + constants, outputs: [y]))
  }

  private func scaled(_ value: Double, by exponent: Int, to range: ClosedRange<Int>) -> Int {
    Int((value * Double(sign: .plus, exponent: exponent, significand: 1)).rounded(), clampedTo: range)
  }

  /// n^2 * epsilon in squared steps, as mantissa and exponent.
  private func scaledEpsilon(_ epsilon: Float, length: Int, step: Double) -> (mantissa: Int32, shift: Int32) {
    let value = Double(epsilon) * Double(length) * Double(length) / (step * step)
    var shift = 0
    while shift < 31, value > Double(Int32.max) * Double(1 << shift) { shift += 1 }
    return (Int32(Int((value / Double(1 << shift)).rounded(), clampedTo: 0...Int(Int32.max))), Int32(shift))
  }
}

extension ActivationGrid {
  /// The real value of one unit of a product's accumulator. Spec: operators.md 3.17.
  func productScale(with b: ActivationGrid) -> Double { scale * b.scale * (elementType == .s16 ? 256 : 1) }

  /// Multiplier and shift that bring an accumulator of this scale to the grid. With 12 bits, for u8, neither the multiplier's
  /// rounding nor that of what it multiplies shows. Spec: operators.md 6.3.
  func requantization(of accumulatorScale: Double) -> (multiplier: Int32, shift: Int32) {
    let factor = accumulatorScale / scale
    let most = elementType == .u8 ? 4095.0 : 32767.0
    var shift = 22
    while shift > 0, factor * Double(1 << (15 + shift)) > most { shift -= 1 }
    return (Int32(Int((factor * Double(1 << (15 + shift))).rounded(), clampedTo: 256...32767)), Int32(shift))
  }
}

extension MatMul {
  /// The finest step of an output that `requantization` has a multiplier for, less one: grids are rounded to single precision.
  static func smallestOutputScale(_ a: ActivationGrid, _ b: ActivationGrid, scale: Float) -> Double {
    a.productScale(with: b) * Double(scale) * (32768.0 / 32766.0)
  }
}

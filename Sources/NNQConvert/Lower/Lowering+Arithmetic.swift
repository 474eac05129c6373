import NNQFloat
import NNQFormat
import NNQGraph

/// Sums, differences, products and extrema of two activations, or of one and a constant of any shape.
/// Spec: operators.md 3.1, 3.13 and 3.14.
extension Lowering {
  mutating func lowerArithmetic(_ layer: Layer, _ binary: FloatBinary) throws(ConvertError) {
    let isSwapped = takesSecondFirst(layer)
    let (a, b) = isSwapped ? (layer.inputs[1], layer.inputs[0]) : (layer.inputs[0], layer.inputs[1])
    let main = [a, b].first { shape($0) == shape(layer.output) && placements[$0] != nil } ?? a
    let repetition = try Repetition(parts(of: layer, main: main), of: shape(layer.output), [shape(a), shape(b)])
    let tensorShape = repetition.tensorShape(like: placements[main].map { tensors[$0.tensor].shape } ?? [])
    let (gridA, gridB) = (plan.grid(a), grid(of: b, in: layer))
    let inputs = [
      try tensor(a, order: repetition.order(0), shape: repetition.shape(0, of: tensorShape), for: layer.name),
      try operand(b, gridB, order: repetition.order(1), shape: repetition.shape(1, of: tensorShape), for: layer),
    ]
    let y = place(layer.output, order: MemoryOrder(repetition.parts, of: shape(layer.output)), shape: tensorShape)
    if layer.isProduct {
      appendProduct(of: inputs, (gridA, gridB), clamp: layer.clamp, as: y, plan.grid(layer.output))
    } else {
      nodes.append(Node(try operation(layer, binary, gridA, gridB, isSwapped: isSwapped), inputs: inputs, outputs: [y]))
    }
  }

  /// A product's grid cannot be as fine as one likes: where the output's is finer, the product is first on its own.
  private mutating func appendProduct(
    of inputs: [Int], _ grids: (ActivationGrid, ActivationGrid), clamp: ClosedRange<Float>, as y: Int, _ output: ActivationGrid
  ) {
    let limits = output.limits(of: clamp)
    let smallest = Multiply.smallestOutputScale(grids.0, grids.1)
    guard smallest > output.scale else {
      nodes.append(Node(.multiply(Multiply(grids.0, grids.1, output, limits)), inputs: inputs, outputs: [y]))
      return
    }
    let own = ActivationGrid(.s16, scale: 0, zeroPoint: 0).coarsened(to: smallest)
    let product = append("", shape: tensors[y].shape, grid: own)
    nodes.append(Node(.multiply(Multiply(grids.0, grids.1, own, own.limits)), inputs: inputs, outputs: [product]))
    nodes.append(Node(.requantize(Requantize(own, output, limits)), inputs: [product], outputs: [y]))
  }

  /// A constant is the second operand. Of a product so is one of 16 bits, for the second is rounded once less finely than the
  /// first has steps (operators.md 6.1), then one that repeats, which kernels work out once.
  private func takesSecondFirst(_ layer: Layer) -> Bool {
    let (first, second) = (layer.inputs[0], layer.inputs[1])
    guard placements[first] != nil, placements[second] != nil else { return placements[first] == nil }
    let types = [first, second].map { plan.grid($0).elementType }
    if layer.isProduct, types[0] != types[1] { return types[0] == .s16 }
    return shape(first) != shape(layer.output)
  }

  private func operation(
    _ layer: Layer, _ binary: FloatBinary, _ a: ActivationGrid, _ b: ActivationGrid, isSwapped: Bool
  ) throws(ConvertError) -> NNQGraph.Operation {
    let output = plan.grid(layer.output)
    let limits = output.limits(of: layer.clamp)
    switch binary {
    case .add: return .add(Add(a, b, output, limits))
    case .sub: return .add(Add(a, b, output, limits, signA: isSwapped ? -1 : 1, signB: isSwapped ? 1 : -1))
    case .maximum: return .maximum
    case .minimum: return .minimum
    case .mul, .mask, .div, .pow, .prelu, .equal, .less, .lessOrEqual:
      throw unsupported(layer, "its operands are two activations, or a constant with more than one element")
    }
  }

  /// The order of the output's elements: that of the operand that has its shape, if memory holds each of its axes apart.
  private func parts(of layer: Layer, main: Int) throws(ConvertError) -> [AxisPart] {
    let shape = shape(layer.output)
    let placement = try placement(main, for: layer.name)
    if self.shape(main) == shape, let parts = placement.order.parts(of: shape) { return parts }
    let axes = shape.count == 4 ? Placement.channelsLast : Placement.identity(rank: shape.count)
    return axes.map { AxisPart(axis: $0, extent: shape[$0], step: 1) }
  }

  // MARK: Constants

  private mutating func operand(
    _ value: Int, _ grid: ActivationGrid, order: MemoryOrder, shape: [Int], for layer: Layer
  ) throws(ConvertError) -> Int {
    guard let elements = net.graph.values[value].constant else { return try tensor(value, order: order, shape: shape, for: layer.name) }
    let constant = Constant(order.indices.map { grid.quantize(Double(elements[$0])) }, as: grid.elementType)
    return append("", grid.elementType, shape: shape, constant)
  }

  /// Of a constant: the output's for extrema, else s16 about 0. What is so large that the output saturates whatever the other
  /// operand is may be clamped (a mask of -10000 would leave few steps for the rest).
  private func grid(of value: Int, in layer: Layer) -> ActivationGrid {
    guard let elements = net.graph.values[value].constant else { return plan.grid(value) }
    if layer.movesValues { return plan.grid(layer.output) }
    var magnitude = elements.reduce(0) { max($0, Double(abs($1))) }
    if !layer.isProduct {
      let others = layer.inputs.filter { $0 != value }.map { plan.grid($0).largestMagnitude }
      magnitude = min(magnitude, others.reduce(plan.grid(layer.output).largestMagnitude, +))
    }
    return ActivationGrid(.s16, scale: max(magnitude, 0x1p-60) / 32767, zeroPoint: 0)
  }
}

extension ActivationGrid {
  /// Of the real numbers on the grid.
  fileprivate var largestMagnitude: Double { max(abs(dequantize(limits.lowerBound)), abs(dequantize(limits.upperBound))) }
}

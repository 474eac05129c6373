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
    let operation = try operation(layer, binary, gridA, gridB, isSwapped: isSwapped)
    let y = place(layer.output, order: MemoryOrder(repetition.parts, of: shape(layer.output)), shape: tensorShape)
    nodes.append(Node(operation, inputs: inputs, outputs: [y]))
  }

  /// A constant is the second operand. Of a product so is one of 16 bits, for the second is rounded once less finely than the
  /// first has steps (operators.md 6.1), then one that repeats, which kernels work out once.
  private func takesSecondFirst(_ layer: Layer) -> Bool {
    let (first, second) = (layer.inputs[0], layer.inputs[1])
    guard placements[first] != nil, placements[second] != nil else { return placements[first] == nil }
    let types = [first, second].map { plan.grid($0).elementType }
    if case .binary(.mul) = layer.operation, types[0] != types[1] { return types[0] == .s16 }
    return shape(first) != shape(layer.output)
  }

  private func operation(
    _ layer: Layer, _ binary: FloatBinary, _ a: ActivationGrid, _ b: ActivationGrid, isSwapped: Bool
  ) throws(ConvertError) -> NNQGraph.Operation {
    let output = plan.grid(layer.output)
    let lo = Int32(output.quantize(Double(layer.clamp.lowerBound)))
    let hi = Int32(output.quantize(Double(layer.clamp.upperBound)))
    switch binary {
    case .add: return .add(Add(a, b, output, lo: lo, hi: hi))
    case .sub: return .add(Add(a, b, output, lo: lo, hi: hi, signA: isSwapped ? -1 : 1, signB: isSwapped ? 1 : -1))
    case .mul: return .multiply(Multiply(a, b, output, lo: lo, hi: hi))
    case .maximum: return .maximum
    case .minimum: return .minimum
    case .div, .pow, .prelu: throw unsupported(layer, "its operands are two activations, or a constant with more than one element")
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
    if case .binary(.mul) = layer.operation {
    } else {
      let others = layer.inputs.filter { $0 != value }.map { plan.grid($0).largestMagnitude }
      magnitude = min(magnitude, others.reduce(plan.grid(layer.output).largestMagnitude, +))
    }
    return ActivationGrid(.s16, scale: max(magnitude, 0x1p-60) / 32767, zeroPoint: 0)
  }
}

/// How two operands repeat along an output: its memory as parts of axes, and which of them each operand has.
struct Repetition {
  let parts: [AxisPart]
  /// Of the operands, with as many axes as the output.
  private let shapes: [[Int]]

  /// - Parameters:
  ///   - parts: the output's memory, outermost first.
  ///   - shapes: of two operands that broadcast to the output's shape.
  init(_ parts: [AxisPart], of shape: [Int], _ shapes: [[Int]]) {
    self.parts = parts.filter { $0.extent > 1 }
    self.shapes = shapes.map { [Int](repeating: 1, count: shape.count - $0.count) + $0 }
  }

  private func has(_ part: AxisPart, _ operand: Int) -> Bool { shapes[operand][part.axis] > 1 }

  /// The operand's elements in the order of the output's.
  func order(_ operand: Int) -> MemoryOrder { MemoryOrder(parts.filter { has($0, operand) }, of: shapes[operand]) }

  /// Parts that both operands have, or only one has, follow each other as one axis.
  private var groups: [(extent: Int, has: [Bool])] {
    var groups: [(extent: Int, has: [Bool])] = []
    for part in parts {
      let pattern = [has(part, 0), has(part, 1)]
      if let last = groups.last, last.has == pattern {
        groups[groups.count - 1].extent *= part.extent
      } else {
        groups.append((part.extent, pattern))
      }
    }
    return groups
  }

  /// The batch, then axes none of which an operand has in part.
  ///
  /// - Parameter other: a tensor of the output's elements, whose shape is kept if it will do.
  func tensorShape(like other: [Int]) -> [Int] {
    let least = [1] + (groups.isEmpty ? [1] : groups.map(\.extent))
    guard other.first == 1, other.count > 1, other.reduce(1, *) == least.reduce(1, *) else { return least }
    var axes = other.dropFirst()
    for extent in least.dropFirst() {
      var product = 1
      while product < extent, let axis = axes.popFirst() { product *= axis }
      guard product == extent else { return least }
    }
    return other
  }

  /// - Parameter tensorShape: of the output.
  func shape(_ operand: Int, of tensorShape: [Int]) -> [Int] {
    var shape = [1]
    var axes = tensorShape.dropFirst()
    for group in groups {
      var product = 1
      while product < group.extent, let axis = axes.popFirst() {
        product *= axis
        shape.append(group.has[operand] ? axis : 1)
      }
    }
    return shape + axes
  }
}

extension ActivationGrid {
  /// Of the real numbers on the grid.
  fileprivate var largestMagnitude: Double { max(abs(dequantize(limits.lowerBound)), abs(dequantize(limits.upperBound))) }
}

extension Add {
  /// The multipliers share the largest shift that keeps both below 2^15 and the sum within 32 bits. Spec: operators.md 3.1, 5.4.
  init(
    _ a: ActivationGrid, _ b: ActivationGrid, _ output: ActivationGrid, lo: Int32, hi: Int32, signA: Int32 = 1, signB: Int32 = 1
  ) {
    let terms = [Term(grid: a, ratio: a.scale / output.scale), Term(grid: b, ratio: b.scale / output.scale)]
    var shift = 21
    while shift > 0, !Term.fit(terms, shift: shift, output) { shift -= 1 }
    self.init(
      multiplierA: signA * Int32(terms[0].multiplier(shift)), multiplierB: signB * Int32(terms[1].multiplier(shift)),
      shift: Int32(shift), lo: lo, hi: hi)
  }
}

extension Requantize {
  /// From one grid to another. Spec: operators.md 3.15.
  init(_ input: ActivationGrid, _ output: ActivationGrid) {
    let term = Term(grid: input, ratio: input.scale / output.scale)
    var shift = 21
    while shift > 0, !Term.fit([term], shift: shift, output) { shift -= 1 }
    self.init(
      multiplier: Int32(term.multiplier(shift)), shift: Int32(shift), lo: Int32(output.limits.lowerBound),
      hi: Int32(output.limits.upperBound))
  }
}

/// One operand of a weighted sum.
private struct Term {
  var grid: ActivationGrid
  /// Its step in steps of the output.
  var ratio: Double

  func multiplier(_ shift: Int) -> Int { Int((ratio * Double(1 << shift)).rounded(), clampedTo: 1...32767) }

  /// Whether multipliers are below 2^15 and the sum of any elements of either sign fits 32 bits.
  static func fit(_ terms: [Term], shift: Int, _ output: ActivationGrid) -> Bool {
    let start = Double(abs(output.zeroPoint) << shift) + Double(1 << shift) / 2
    let sum = terms.reduce(start) { sum, term in
      let reach = max(term.grid.limits.upperBound - term.grid.zeroPoint, term.grid.zeroPoint - term.grid.limits.lowerBound)
      return sum + Double(reach) * Double(term.multiplier(shift))
    }
    return sum <= Double(Int32.max) && terms.allSatisfy { $0.ratio * Double(1 << shift) <= 32767 }
  }
}

extension Multiply {
  /// The largest product of shifts that keeps the multiplier below 2^15; b takes them first, for a finer factor w.
  /// Spec: operators.md 3.13, 6.1.
  init(_ a: ActivationGrid, _ b: ActivationGrid, _ output: ActivationGrid, lo: Int32, hi: Int32) {
    let factor = a.scale * b.scale / output.scale * 0x1p30
    let (mostA, mostB) = (a.largestShift, b.largestShift)
    var shift = 0
    while shift < mostA + mostB, factor / Double(1 << shift) > 32767 { shift += 1 }
    let shiftB = min(shift, mostB)
    let multiplier = Int((factor / Double(1 << shift)).rounded(), clampedTo: 1...32767)
    self.init(shiftA: Int32(shift - shiftB), shiftB: Int32(shiftB), multiplier: Int32(multiplier), lo: lo, hi: hi)
  }

  /// The finest step of an output that `init` has a multiplier for.
  static func smallestOutputScale(_ a: ActivationGrid, _ b: ActivationGrid) -> Double {
    a.scale * b.scale * 0x1p30 / (32766 * Double(1 << (a.largestShift + b.largestShift)))
  }
}

extension ActivationGrid {
  /// By which any element less the zero point may be shifted within 16 bits.
  fileprivate var largestShift: Int { elementType == .u8 ? 7 : 0 }
}

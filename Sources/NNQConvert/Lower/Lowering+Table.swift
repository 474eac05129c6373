import NNQFloat
import NNQFormat
import NNQGraph

extension Lowering {
  /// Arithmetic with a constant is a table too, but where that were one for each channel, or a gather of words, the kernels of
  /// arithmetic are faster, and their constant smaller.
  mutating func lower(_ layer: Layer, _ pointwise: Pointwise) throws(ConvertError) {
    let isPlain = pointwise.channelAxis == nil && plan.grid(layer.inputs[0]).elementType == .u8
    if !isPlain, let arithmetic = layer.arithmetic(pointwise), case .binary(let binary) = arithmetic.operation {
      try lowerArithmetic(arithmetic, binary)
    } else {
      try lowerTable(layer, pointwise)
    }
  }

  /// Any function of one activation, the same everywhere or one for each channel. Spec: operators.md 3.5.
  private mutating func lowerTable(_ layer: Layer, _ pointwise: Pointwise) throws(ConvertError) {
    let (input, output) = (plan.grid(layer.inputs[0]), plan.grid(layer.output))
    let entries = try tableEntries(layer, pointwise, from: input, to: output)
    let type = input.elementType == .u8 ? output.elementType : .s16
    if let channelAxis = pointwise.channelAxis {
      let x = try rows(layer.inputs[0], along: channelAxis, for: layer.name)
      let order = MemoryOrder(x.leading + x.last, of: shape(layer.output))
      let entryCount = entries.count / shape(layer.output)[channelAxis]
      let tables = x.last.indices.flatMap { entries[$0 * entryCount..<($0 + 1) * entryCount] }
      let table = append("", type, shape: [x.last.indices.count, entryCount], Constant(tables, as: type))
      let result = place(layer.output, order: order, shape: tensors[x.tensor].shape)
      nodes.append(Node(.table, inputs: [x.tensor, table], outputs: [result]))
    } else {
      let placement = try placement(layer.inputs[0], for: layer.name)
      let table = append("", type, shape: [entries.count], Constant(entries, as: type))
      nodes.append(Node(.table, inputs: [placement.tensor, table], outputs: [place(layer.output, like: placement)]))
    }
  }

  /// Channel after channel.
  private func tableEntries(
    _ layer: Layer, _ pointwise: Pointwise, from input: ActivationGrid, to output: ActivationGrid
  ) throws(ConvertError) -> [Int] {
    var values: [Float]
    let points = input.tablePoints
    do {
      values = try PointwiseFunction(pointwise, of: layer, in: net.graph, points: points).values()
    } catch {
      throw unsupported(layer, "\(error)")
    }
    for start in stride(from: 0, to: values.count, by: points.count) { values[start..<start + points.count].replaceUndefined() }
    return values.map { input.elementType == .u8 ? output.quantize(Double($0)) : output.interpolationEntry(Double($0)) }
  }
}

extension Layer {
  /// The layer as a sum, difference or product of its activation and a constant, with a clamp; nil if it is another function.
  fileprivate func arithmetic(_ pointwise: Pointwise) -> Layer? {
    guard let node = pointwise.nodes.first, pointwise.nodes.count <= 2, Set(node.inputs).count == 2 else { return nil }
    switch node.operation {
    case .binary(.add), .binary(.sub), .binary(.mul): break
    default: return nil
    }
    var layer = self
    (layer.operation, layer.inputs, layer.pointwise) = (node.operation, node.inputs, nil)
    guard pointwise.nodes.count == 2 else { return layer }
    guard case .unary(.clip(let lo, let hi)) = pointwise.nodes[1].operation, lo <= hi else { return nil }
    layer.clamp = lo...hi
    return layer
  }
}

extension ArraySlice<Float> {
  /// Where a function is not defined, as the root of numbers below zero, it gets the value at the nearest argument where it
  /// is: rounding takes arguments there that are not there in float.
  fileprivate mutating func replaceUndefined() {
    guard contains(where: \.isNaN) else { return }
    let defined = indices.filter { !self[$0].isNaN }
    guard var nearest = defined.first else { return }
    var next = 0
    for index in indices {
      while next < defined.count, abs(defined[next] - index) <= abs(nearest - index) {
        nearest = defined[next]
        next += 1
      }
      self[index] = self[nearest]
    }
  }
}

extension ActivationGrid {
  /// The real numbers at the entries of a table for activations of this grid: every u8, each 128th s16 from -32768 to 32768.
  fileprivate var tablePoints: [Float] {
    let integers = elementType == .u8 ? Array(0...255) : Array(stride(from: -32768, through: 32768, by: 128))
    return integers.map { Float(dequantize($0)) }
  }

  /// What a table for s16 activations holds for an output of this grid: 64ths of a step where the output is u8.
  fileprivate func interpolationEntry(_ value: Double) -> Int {
    guard elementType == .u8 else { return quantize(value) }
    guard !value.isNaN else { return 64 * zeroPoint }
    return Int((64 * (value / scale + Double(zeroPoint))).rounded(.toNearestOrEven), clampedTo: -32768...32767)
  }
}

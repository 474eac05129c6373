import NNQFloat
import NNQGraph

/// Operators that move values: reshape, transpose, pad, slice and concat.
extension Lowering {
  /// Free where the memory is in the float net's order. Otherwise a flattened value remembers the order of its elements, and
  /// the dense layer after it permutes its weights.
  mutating func lowerReshape(_ layer: Layer) throws(ConvertError) {
    let placement = try placement(layer.inputs[0], for: layer.name)
    let (source, target) = (shape(layer.inputs[0]), shape(layer.output))
    let identity = Placement.identity(rank: target.count)
    let result: Int
    if source.isSameMemory(placement.axes, Placement.identity(rank: source.count)), placement.elementOrder == nil {
      let isAlsoChannelsLast = target.count == 4 && target.isSameMemory(Placement.channelsLast, identity)
      result = place(layer.output, axes: isAlsoChannelsLast ? Placement.channelsLast : identity)
    } else {
      guard target.count == 2, target[0] == 1 else { throw unsupported(layer, "its input would have to be transposed") }
      result = place(layer.output, axes: identity, elementOrder: placement.elementOrder ?? source.elementOrder(of: placement.axes))
    }
    nodes.append(Node(.reshape, inputs: [placement.tensor], outputs: [result]))
  }

  /// Costs nothing: the same memory, with its axes known by other numbers.
  mutating func lowerTranspose(_ layer: Layer, _ permutation: [Int]) throws(ConvertError) {
    let source = try placement(layer.inputs[0], for: layer.name)
    let axes = source.axes.map { axis in permutation.firstIndex(of: axis) ?? axis }
    placements[layer.output] = Placement(tensor: source.tensor, axes: axes, elementOrder: source.elementOrder)
  }

  mutating func lowerPad(_ layer: Layer, before: [Int], after: [Int], value: Float) throws(ConvertError) {
    let fill = Int32(plan.grid(layer.output).quantize(Double(value)))
    try move(layer) { .pad(before: before.permuted(by: $0), after: after.permuted(by: $0), fill: fill) }
  }

  mutating func lowerSlice(_ layer: Layer, begin: [Int], step: [Int]) throws(ConvertError) {
    try move(layer) { .slice(begin: begin.permuted(by: $0), step: step.permuted(by: $0)) }
  }

  mutating func lowerConcat(_ layer: Layer, axis: Int) throws(ConvertError) {
    try move(layer) { .concat(axis: $0.firstIndex(of: axis) ?? axis) }
  }

  /// One operator whose operands and output all have the axes of the first operand.
  private mutating func move(_ layer: Layer, _ operation: ([Int]) -> Operation) throws(ConvertError) {
    let axes = try placement(layer.inputs[0], for: layer.name).axes
    var inputs: [Int] = []
    for value in layer.inputs { inputs.append(try tensor(value, axes: axes, for: layer.name)) }
    nodes.append(Node(operation(axes), inputs: inputs, outputs: [place(layer.output, axes: axes)]))
  }
}

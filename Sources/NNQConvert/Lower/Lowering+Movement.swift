import NNQFloat
import NNQFormat
import NNQGraph

/// Operators that move values: reshape, transpose, pad, slice, concat, take and resize.
extension Lowering {
  /// Costs nothing: the same elements, counted by other axes.
  mutating func lowerReshape(_ layer: Layer) throws(ConvertError) {
    placements[layer.output] = try placement(layer.inputs[0], for: layer.name)
  }

  /// Costs nothing: memory stays, the elements are counted in another order.
  mutating func lowerTranspose(_ layer: Layer, _ permutation: [Int]) throws(ConvertError) {
    let (placement, parts) = try wholeParts(of: layer.inputs[0], for: layer.name)
    let moved = parts.map { part in
      AxisPart(axis: permutation.firstIndex(of: part.axis) ?? 0, extent: part.extent, step: part.step)
    }
    placements[layer.output] = Placement(tensor: placement.tensor, order: MemoryOrder(moved, of: shape(layer.output)))
  }

  mutating func lowerPad(_ layer: Layer, before: [Int], after: [Int], value: Float) throws(ConvertError) {
    let fill = Int32(plan.grid(layer.output).quantize(Double(value)))
    let axes = shape(layer.inputs[0]).indices.filter { before[$0] + after[$0] > 0 }
    try move(layer, layer.inputs, along: axes) { units in
      .pad(before: units.spread(before, absent: 0), after: units.spread(after, absent: 0), fill: fill)
    }
  }

  mutating func lowerSlice(_ layer: Layer, begin: [Int], step: [Int]) throws(ConvertError) {
    let (x, y) = (shape(layer.inputs[0]), shape(layer.output))
    let axes = x.indices.filter { begin[$0] > 0 || step[$0] > 1 || y[$0] < x[$0] }
    try move(layer, layer.inputs, along: axes) { units in .slice(begin: units.spread(begin, absent: 0), step: units.spread(step, absent: 1))
    }
  }

  mutating func lowerConcat(_ layer: Layer, axis: Int) throws(ConvertError) {
    try move(layer, layer.inputs, along: [axis]) { units in .concat(axis: units.place(of: axis)) }
  }

  mutating func lowerTake(_ layer: Layer, axis: Int) throws(ConvertError) {
    let places = net.graph.values[layer.inputs[1]].constant ?? []
    let indices = append("", .u32, shape: [places.count], Constant(places.map { Int($0) }, as: .u32))
    try move(layer, [layer.inputs[0]], along: [axis], constants: [indices]) { units in .take(axis: units.place(of: axis)) }
  }

  /// Places in 1/256 of an element. Spec: operators.md 3.12.
  mutating func lowerResize(_ layer: Layer) throws(ConvertError) {
    let x = try picture(layer.inputs[0], anyChannelOrder: true, for: layer.name)
    let y = x.withChannels(ofShape: shape(layer.output))
    var places = layer.inputs.dropFirst().map { (net.graph.values[$0].constant ?? []).map { Int(($0 * 256).rounded()) } }
    if places.count == 1 { places.insert([0], at: 0) }
    let operands = places.map { append("", .u32, shape: [$0.count], Constant($0, as: .u32)) }
    nodes.append(
      Node(.resize, inputs: [x.tensor] + operands, outputs: [place(layer.output, order: y.order, shape: y.tensorShape)]))
  }

  // MARK: Moves along some axes

  /// One operator on tensors that have an axis for each of `axes`, and others that are what memory holds between these.
  mutating func move(
    _ layer: Layer, _ operands: [Int], along axes: [Int], constants: [Int] = [], _ operation: (MoveUnits) -> NNQGraph.Operation
  ) throws(ConvertError) {
    guard !axes.isEmpty else { return try lowerReshape(layer) }
    let units = try moveUnits(layer, operands, axes)
    var inputs: [Int] = []
    for value in operands {
      let units = units.resized(to: shape(value))
      inputs.append(try tensor(value, order: units.order, shape: units.tensorShape, for: layer.name))
    }
    let result = units.resized(to: shape(layer.output))
    let y = place(layer.output, order: result.order, shape: result.tensorShape)
    nodes.append(Node(operation(units), inputs: inputs + constants, outputs: [y]))
  }

  /// Of all operands' orders the one in which the others, and so the least bytes, have to be moved.
  private func moveUnits(_ layer: Layer, _ operands: [Int], _ axes: [Int]) throws(ConvertError) -> MoveUnits {
    var best: (units: MoveUnits, cost: Int)?
    for candidate in operands {
      let units = try MoveUnits(parts(of: candidate, wholeAlong: axes, for: layer.name), along: axes, of: shape(candidate))
      var cost = 0
      for value in operands where try placement(value, for: layer.name).order != units.resized(to: shape(value)).order {
        cost += net.graph.values[value].elementCount
      }
      if cost < best?.cost ?? Int.max { best = (units, cost) }
    }
    guard let best else { throw unsupported(layer, "it has no operands") }
    return best.units
  }

  /// The value's memory as parts of its axes, some of which must be in one part each; another order where they are not.
  private func parts(of value: Int, wholeAlong axes: [Int], for layer: String) throws(ConvertError) -> [AxisPart] {
    let shape = shape(value)
    if let parts = try placement(value, for: layer).order.parts(of: shape),
      axes.allSatisfy({ axis in parts.count { $0.axis == axis } <= 1 })
    {
      return parts
    }
    return try self.axes(of: value, for: layer).map { AxisPart(axis: $0, extent: shape[$0], step: 1) }.filter { $0.extent > 1 }
  }

  /// The value's memory as parts of its axes, moved into its own order where that is not to be had.
  private mutating func wholeParts(of value: Int, for layer: String) throws(ConvertError) -> (Placement, [AxisPart]) {
    let (placement, shape) = (try placement(value, for: layer), shape(value))
    if let parts = placement.order.parts(of: shape) { return (placement, parts) }
    let axes = Placement.identity(rank: shape.count)
    let straight = Placement(tensor: try tensor(value, axes: axes, for: layer), order: .rowMajor(shape))
    return (straight, axes.map { AxisPart(axis: $0, extent: shape[$0], step: 1) })
  }
}

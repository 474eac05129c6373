import NNQFloat
import NNQGraph

/// Operators that move values: reshape, transpose, pad, slice and concat.
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
    try move(layer, along: axes) { units in .pad(before: units.spread(before, absent: 0), after: units.spread(after, absent: 0), fill: fill)
    }
  }

  mutating func lowerSlice(_ layer: Layer, begin: [Int], step: [Int]) throws(ConvertError) {
    let (x, y) = (shape(layer.inputs[0]), shape(layer.output))
    let axes = x.indices.filter { begin[$0] > 0 || step[$0] > 1 || y[$0] < x[$0] }
    try move(layer, along: axes) { units in .slice(begin: units.spread(begin, absent: 0), step: units.spread(step, absent: 1)) }
  }

  mutating func lowerConcat(_ layer: Layer, axis: Int) throws(ConvertError) {
    try move(layer, along: [axis]) { units in .concat(axis: units.place(of: axis)) }
  }

  // MARK: Moves along some axes

  /// One operator on tensors that have an axis for each of `axes`, and others that are what memory holds between these.
  mutating func move(_ layer: Layer, along axes: [Int], _ operation: (MoveUnits) -> NNQGraph.Operation) throws(ConvertError) {
    guard !axes.isEmpty else { return try lowerReshape(layer) }
    let units = try moveUnits(layer, axes)
    var inputs: [Int] = []
    for value in layer.inputs {
      let units = units.resized(to: shape(value))
      inputs.append(try tensor(value, order: units.order, shape: units.tensorShape, for: layer.name))
    }
    let result = units.resized(to: shape(layer.output))
    let y = place(layer.output, order: result.order, shape: result.tensorShape)
    nodes.append(Node(operation(units), inputs: inputs, outputs: [y]))
  }

  /// Of all operands' orders the one in which the others, and so the least bytes, have to be moved.
  private func moveUnits(_ layer: Layer, _ axes: [Int]) throws(ConvertError) -> MoveUnits {
    var best: (units: MoveUnits, cost: Int)?
    for candidate in layer.inputs {
      let units = try MoveUnits(parts(of: candidate, wholeAlong: axes, for: layer.name), along: axes, of: shape(candidate))
      var cost = 0
      for value in layer.inputs where try placement(value, for: layer.name).order != units.resized(to: shape(value)).order {
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

/// A value's memory as a move sees it: some axes that it moves along, and what lies between them.
struct MoveUnits {
  private enum Unit {
    case axis(Int)
    case rest([AxisPart])
  }

  private var units: [Unit] = []
  private var shape: [Int]

  /// - Parameters:
  ///   - parts: memory, outermost first; at most one part for each of `axes`.
  ///   - axes: those moved along.
  init(_ parts: [AxisPart], along axes: [Int], of shape: [Int]) {
    self.shape = shape
    for part in parts {
      if axes.contains(part.axis) {
        units.append(.axis(part.axis))
      } else if case .rest(let rest)? = units.last {
        units[units.count - 1] = .rest(rest + [part])
      } else {
        units.append(.rest([part]))
      }
    }
    for axis in axes where shape[axis] == 1 { insert(axis) }
  }

  /// An axis of extent 1 goes behind the axis before it; channels of pictures go last.
  private mutating func insert(_ axis: Int) {
    if axis == 1, shape.count == 4 { return units.append(.axis(axis)) }
    let neighbour = units.lastIndex { unit in
      switch unit {
      case .axis(let other): other < axis
      case .rest(let parts): parts.contains { $0.axis < axis }
      }
    }
    units.insert(.axis(axis), at: neighbour.map { $0 + 1 } ?? 0)
  }

  /// The same memory for a value whose axes moved along have other extents.
  func resized(to shape: [Int]) -> MoveUnits {
    var copy = self
    copy.shape = shape
    return copy
  }

  var order: MemoryOrder {
    MemoryOrder(
      units.flatMap { unit -> [AxisPart] in
        switch unit {
        case .axis(let axis): [AxisPart(axis: axis, extent: shape[axis], step: 1)]
        case .rest(let parts): parts
        }
      }, of: shape)
  }

  /// The batch, then the units.
  var tensorShape: [Int] {
    [1]
      + units.map { unit in
        switch unit {
        case .axis(let axis): shape[axis]
        case .rest(let parts): parts.reduce(1) { $0 * $1.extent }
        }
      }
  }

  /// Which axis of the tensor an axis of the value is.
  func place(of axis: Int) -> Int {
    let index = units.firstIndex { if case .axis(axis) = $0 { true } else { false } }
    return (index ?? 0) + 1
  }

  /// One number for each axis of the tensor from one for each axis of the value.
  func spread(_ values: [Int], absent: Int) -> [Int] {
    [absent]
      + units.map { unit in
        if case .axis(let axis) = unit { values[axis] } else { absent }
      }
  }
}

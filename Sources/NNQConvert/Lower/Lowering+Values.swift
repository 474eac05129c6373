import NNQFormat
import NNQGraph

/// Where values live, and the reshapes and transpositions that bring them into the order an operator wants.
extension Lowering {
  func shape(_ value: Int) -> [Int] { net.graph.values[value].shape }

  func placement(_ value: Int, for layer: String) throws(ConvertError) -> Placement {
    guard let placement = placements[value] else {
      throw ConvertError(
        .unsupported, at: layer, "'\(net.graph.values[value].name)' is a constant where an activation is needed",
        remedy: "fold it into the net before exporting")
    }
    return placement
  }

  // MARK: New activations

  /// A new activation that holds `value` with its axes in this order; returns its tensor index.
  @discardableResult
  mutating func place(_ value: Int, axes: [Int]) -> Int {
    place(value, order: MemoryOrder(shape(value), axes: axes), shape: tensorShape(value, axes: axes))
  }

  /// A new activation that holds `value` as another value of the same shape is held.
  mutating func place(_ value: Int, like other: Placement) -> Int {
    place(value, order: other.order, shape: tensors[other.tensor].shape)
  }

  /// - Parameter shape: the tensor's; its elements, in order, are those of `order`.
  mutating func place(_ value: Int, order: MemoryOrder, shape: [Int]) -> Int {
    let tensor = append(net.graph.values[value].name, shape: shape, grid: plan.grid(value))
    placements[value] = Placement(tensor: tensor, order: order)
    return tensor
  }

  // MARK: Operands

  /// The order of axes, the batch first, that holds `value` with the least moving: none when each axis is one loop.
  func axes(of value: Int, for layer: String) throws(ConvertError) -> [Int] {
    let shape = shape(value)
    let parts = try placement(value, for: layer).order.parts(of: shape) ?? []
    var order = shape.indices.filter { shape[$0] > 1 }
    func place(_ axis: Int) -> Int { parts.lastIndex { $0.axis == axis } ?? axis }
    order.sort { place($0) < place($1) }
    // An axis of extent 1 is anywhere: the batch first, others behind the axis before them, channels (axis 1) last.
    for axis in shape.indices where shape[axis] == 1 {
      let neighbour = order.firstIndex(of: axis - 1)
      order.insert(axis, at: neighbour.map { axis == 2 ? $0 : $0 + 1 } ?? 0)
    }
    return order
  }

  /// The tensor that holds `value` with its axes in this order.
  ///
  /// - Parameter shape: under which the axes are counted, when not the value's own: as many elements.
  mutating func tensor(_ value: Int, axes: [Int], shape: [Int]? = nil, for layer: String) throws(ConvertError) -> Int {
    let shape = shape ?? self.shape(value)
    return try tensor(
      value, order: MemoryOrder(shape, axes: axes), shape: Lowering.tensorShape(shape.permuted(by: axes)), for: layer)
  }

  /// The tensor of this shape that holds `value` in this order: its own, the same memory under another shape, or a copy.
  mutating func tensor(_ value: Int, order: MemoryOrder, shape: [Int], for layer: String) throws(ConvertError) -> Int {
    var placement = try placement(value, for: layer)
    if placement.order != order { placement.tensor = try transposed(placement, to: order, for: layer) }
    return view(placement.tensor, shape: shape)
  }

  /// The same memory under another shape.
  mutating func view(_ tensor: Int, shape: [Int]) -> Int {
    guard tensors[tensor].shape != shape else { return tensor }
    let key = Copy(tensor: tensor, form: .shape(shape))
    if let known = copies[key] { return known }
    let view = append(like: tensor, shape: shape)
    nodes.append(Node(.reshape, inputs: [tensor], outputs: [view]))
    copies[key] = view
    return view
  }

  private func tensorShape(_ value: Int, axes: [Int]) -> [Int] { Lowering.tensorShape(shape(value).permuted(by: axes)) }

  /// A tensor begins with the batch.
  static func tensorShape(_ extents: [Int]) -> [Int] { extents.first == 1 ? extents : [1] + extents }

  // MARK: Transpositions

  /// The tensor that holds what `placement` does in another order.
  private mutating func transposed(_ placement: Placement, to order: MemoryOrder, for layer: String) throws(ConvertError) -> Int {
    let key = Copy(tensor: placement.tensor, form: .order(order.loops))
    if let known = copies[key] { return known }
    let result: Int
    if let source = placement.order.loops(cutBy: order), let target = order.loops(cutBy: placement.order) {
      result = try move(placement.tensor, Transposition(from: source, to: target), for: layer)
    } else {
      // The loops of one end inside of steps of the other: the value's own order is between all.
      let rowMajor = MemoryOrder.rowMajor(tensors[placement.tensor].shape)
      let straight = Placement(tensor: try transposed(placement, to: rowMajor, for: layer), order: rowMajor)
      result = try transposed(straight, to: order, for: layer)
    }
    copies[key] = result
    return result
  }

  private mutating func move(_ tensor: Int, _ transposition: Transposition, for layer: String) throws(ConvertError) -> Int {
    if let block = transposition.block {
      let isRow = tensors[tensor].shape.last == block.count
      let shape = isRow ? tensors[tensor].shape : [1, transposition.elementCount / block.count, block.count]
      let indices = append("", .u32, shape: [block.count], Constant(block, as: .u32))
      let result = append(like: tensor, shape: shape)
      nodes.append(Node(.take(axis: shape.count - 1), inputs: [view(tensor, shape: shape), indices], outputs: [result]))
      return result
    }
    let shape = [1] + transposition.extents
    guard shape.count <= 8 else {
      throw ConvertError(
        .unsupported, at: layer, "an operand would have to be transposed over \(shape.count) axes, at most 8 are possible",
        remedy: "export the net without the Transpose before it")
    }
    let permutation = [0] + transposition.permutation.map { $0 + 1 }
    let result = append(like: tensor, shape: shape.permuted(by: permutation))
    nodes.append(Node(.transpose(permutation: permutation), inputs: [view(tensor, shape: shape)], outputs: [result]))
    return result
  }
}

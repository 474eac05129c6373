import NNQFloat

/// Operators that occur where a model computes shapes: on constants only.
extension NodeReader {
  func constantNode(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if let tensor = try tensor("value") { return .constant(tensor) }
    if let value = try float("value_float") { return .constant(HostTensor(shape: [], .floats([value]))) }
    if let value = try integer("value_int") { return .constant(HostTensor(shape: [], .integers([Int64(value)]))) }
    if let values = try integers("value_ints") { return .constant(HostTensor(values)) }
    return .constant(try floatsValue())
  }

  private func floatsValue() throws(Refusal) -> HostTensor {
    guard case .floats(let values)? = node.attributes.first(where: { $0.name == "value_floats" })?.value else {
      throw Refusal(.unsupportedAttribute, at: place, "the constant holds neither numbers nor a dense tensor")
    }
    return HostTensor(shape: [values.count], .floats(values))
  }

  /// Static, whatever the operand is.
  func shape(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let shape = try operand(0).shape
    let start = clamped(try integer("start") ?? 0, rank: shape.count)
    let end = clamped(try integer("end") ?? shape.count, rank: shape.count)
    return .constant(HostTensor(start < end ? Array(shape[start..<end]) : []))
  }

  private func clamped(_ axis: Int, rank: Int) -> Int { min(max(axis < 0 ? axis + rank : axis, 0), rank) }

  func size(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    .constant(HostTensor(shape: [], .integers([Int64(try operand(0).shape.reduce(1, *))])))
  }

  func concatenated(_ tensors: [HostTensor], axis: Int, _ graph: inout GraphBuilder) throws(Refusal) -> HostTensor {
    var shape = tensors[0].shape
    shape[axis] = 0
    for tensor in tensors {
      var expected = shape
      expected[axis] = tensor.shape.count > axis ? tensor.shape[axis] : 0
      guard tensor.shape == expected else { throw Refusal(.invalidShape, at: place, "operands have shapes \(tensors.map(\.shape))") }
      shape[axis] += expected[axis]
    }
    try graph.reserveFolded(shape, self)
    guard let result = HostTensor.concatenated(tensors, axis: axis, shape: shape) else {
      throw Refusal(.invalidOperand, at: place, "operands have different element types")
    }
    return result
  }

  func constantOfShape(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let shape = try integers(0)
    let value = try tensor("value") ?? HostTensor(shape: [], .floats([0]))
    guard value.elementCount == 1 else { throw Refusal(.invalidAttribute, at: place("value"), "it has \(value.elementCount) elements") }
    try graph.reserveFolded(shape, self)
    return .constant(value.reshaped([]).broadcast(to: shape))
  }

  func range(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let bounds = [try constant(0), try constant(1), try constant(2)]
    guard bounds.allSatisfy({ $0.elementCount == 1 }) else {
      throw Refusal(.invalidOperand, at: place, "operands of shapes \(bounds.map(\.shape)), expected three numbers")
    }
    let integers = bounds.compactMap { $0.integers?.first }
    let floats = bounds.compactMap { $0.floats?.first }
    if integers.count == 3 { return try integerRange(integers[0], integers[1], by: integers[2], &graph) }
    if floats.count == 3 { return try floatRange(Double(floats[0]), Double(floats[1]), by: Double(floats[2]), &graph) }
    throw Refusal(.invalidOperand, at: place, "operands hold \(bounds.map(\.typeName)), expected numbers of one type")
  }

  private func integerRange(_ start: Int64, _ limit: Int64, by delta: Int64, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    // Far beyond any axis, and small enough for exact sums and quotients.
    guard delta != 0, [start, limit, delta].allSatisfy({ $0.magnitude < 1 << 40 }) else { throw badRange(start, limit, delta) }
    let (steps, rest) = (limit - start).quotientAndRemainder(dividingBy: delta)
    // Rounded up: the quotient is truncated, which rounds a negative one up already.
    let count = max(0, Int(steps) + (rest.signum() == delta.signum() ? 1 : 0))
    try graph.reserveFolded([count], self)
    return .constant(HostTensor(shape: [count], .integers((0..<count).map { start + Int64($0) * delta })))
  }

  private func floatRange(_ start: Double, _ limit: Double, by delta: Double, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let steps = ((limit - start) / delta).rounded(.up)
    guard delta != 0, steps.magnitude < 0x1p40 else { throw badRange(start, limit, delta) }
    let count = max(0, Int(steps))
    try graph.reserveFolded([count], self)
    return .constant(HostTensor(shape: [count], .floats((0..<count).map { Float(start + Double($0) * delta) })))
  }

  private func badRange<Number>(_ start: Number, _ limit: Number, _ delta: Number) -> Refusal {
    Refusal(.invalidOperand, at: place, "range \(start) to \(limit) by \(delta)")
  }
}

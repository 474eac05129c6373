extension NodeReader {
  func optional(_ index: Int) -> Operand? { index < operands.count ? operands[index] : nil }

  func operand(_ index: Int) throws(Refusal) -> Operand {
    guard let operand = optional(index) else { throw Refusal(.missingOperand, at: place, "operand \(index) is missing") }
    return operand
  }

  /// An operand that must be computed when the graph runs.
  func value(_ index: Int) throws(Refusal) -> (index: Int, shape: [Int]) {
    guard case .value(let value, let shape) = try operand(index) else {
      throw mustBeComputed(index)
    }
    return (value, shape)
  }

  /// What is thrown for a constant that a rule wants computed when the graph runs.
  func mustBeComputed(_ index: Int) -> Refusal {
    var refusal = Refusal(
      .unsupportedOperand, at: place, "operand \(index) is a constant, and others are computed by the net",
      remedy: "simplify the model so that constants are folded")
    refusal.constantOperand = index
    return refusal
  }

  /// An operand that must be known now; nil when it is left out.
  func optionalConstant(_ index: Int) throws(Refusal) -> HostTensor? {
    switch optional(index) {
    case nil: return nil
    case .constant(let tensor): return tensor
    case .value:
      throw Refusal(
        .unsupportedOperand, at: place, "operand \(index) is computed by the net, only a constant is supported",
        remedy: "simplify the model, or export it with static shapes")
    }
  }

  func constant(_ index: Int) throws(Refusal) -> HostTensor {
    guard let tensor = try optionalConstant(index) else {
      throw Refusal(.missingOperand, at: place, "operand \(index) is missing")
    }
    return tensor
  }

  func optionalIntegers(_ index: Int) throws(Refusal) -> [Int]? {
    guard let tensor = try optionalConstant(index) else { return nil }
    guard let values = tensor.integers else { throw wrongType(index, tensor, "integers") }
    return values.map { Int(clamping: $0) }
  }

  func integers(_ index: Int) throws(Refusal) -> [Int] {
    guard let values = try optionalIntegers(index) else { throw Refusal(.missingOperand, at: place, "operand \(index) is missing") }
    return values
  }

  func optionalFloats(_ index: Int) throws(Refusal) -> [Float]? {
    guard let tensor = try optionalConstant(index) else { return nil }
    guard let values = tensor.floats else { throw wrongType(index, tensor, "floats") }
    return values
  }

  /// One number of any type.
  func optionalScalar(_ index: Int) throws(Refusal) -> Float? {
    guard let tensor = try optionalConstant(index) else { return nil }
    guard tensor.elementCount == 1 else {
      throw Refusal(.invalidOperand, at: place, "operand \(index) has \(tensor.elementCount) elements, expected 1")
    }
    switch tensor.elements {
    case .floats(let values): return values[0]
    case .integers(let values): return Float(values[0])
    case .booleans(let values): return values[0] ? 1 : 0
    }
  }

  func wrongType(_ index: Int, _ tensor: HostTensor, _ expected: String) -> Refusal {
    Refusal(.invalidOperand, at: place, "operand \(index) holds \(tensor.typeName), expected \(expected)")
  }

  // MARK: What newer operator sets take as an operand and older ones as an attribute

  func integers(_ attribute: String, orOperand index: Int) throws(Refusal) -> [Int]? {
    if let values = try integers(attribute) { return values }
    return try optionalIntegers(index)
  }

  func float(_ attribute: String, orOperand index: Int) throws(Refusal) -> Float? {
    if let value = try float(attribute) { return value }
    return try optionalScalar(index)
  }

  // MARK: Axes and extents

  /// Axis counted from the start; negative ones count from the end.
  ///
  /// - Parameter attribute: what gave the axis, for messages; nil for an operand.
  func axis(_ axis: Int, rank: Int, attribute: String? = "axis") throws(Refusal) -> Int {
    guard axis >= -rank, axis < rank else {
      throw Refusal(.invalidAttribute, at: place(attribute), "axis \(axis) of a tensor with \(rank) axes")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Distinct axes, counted from the start.
  func axes(_ axes: [Int], rank: Int) throws(Refusal) -> [Int] {
    var resolved: [Int] = []
    for axis in axes {
      let axis = try self.axis(axis, rank: rank, attribute: "axes")
      guard !resolved.contains(axis) else { throw Refusal(.invalidAttribute, at: place("axes"), "axis \(axis) occurs twice") }
      resolved.append(axis)
    }
    return resolved
  }
}

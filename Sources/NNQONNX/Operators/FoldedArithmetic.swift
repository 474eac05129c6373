import NNQFloat

/// Arithmetic on constants.
extension NodeReader {
  func folded(
    _ operation: FloatBinary, _ a: HostTensor, _ b: HostTensor, _ graph: inout GraphBuilder
  ) throws(Refusal) -> HostTensor {
    let shape = try broadcastShape(a.shape, b.shape)
    try graph.reserveFolded(shape, self)
    switch (a.broadcast(to: shape).elements, b.broadcast(to: shape).elements) {
    case (.floats(let a), .floats(let b)):
      return HostTensor(shape: shape, .floats(zip(a, b).map { operation($0, $1) }))
    case (.integers(let a), .integers(let b)):
      var results: [Int64] = []
      for (a, b) in zip(a, b) {
        let (result, overflow) = operation.applyReportingOverflow(a, b)
        guard !overflow else { throw Refusal(.invalidOperand, at: place, "it overflows, or divides by zero, for \(a) and \(b)") }
        results.append(result)
      }
      return HostTensor(shape: shape, .integers(results))
    default: throw mixedTypes(a, b)
    }
  }

  func folded(_ function: FloatUnary, _ tensor: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> HostTensor {
    try graph.reserveFolded(tensor.shape, self)
    switch (tensor.elements, function) {
    case (.floats(let values), _): return HostTensor(shape: tensor.shape, .floats(function.evaluate(values)))
    case (.integers(let values), .function(.neg)):
      // The least integer has no opposite.
      return HostTensor(shape: tensor.shape, .integers(values.map { 0 &- $0 }))
    case (.integers(let values), .function(.abs)):
      return HostTensor(shape: tensor.shape, .integers(values.map { $0 < 0 ? 0 &- $0 : $0 }))
    case (.integers, .relu), (.integers, .clip), (.integers, .function(.sign)): throw mustBeComputed(0)
    default: throw wrongType(0, tensor, "floats")
    }
  }

  /// Elements of x where the condition holds, else of y; shapes broadcast.
  func selected(_ condition: HostTensor, _ x: HostTensor, _ y: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> HostTensor {
    let shape = try broadcastShape(try broadcastShape(x.shape, y.shape), condition.shape)
    try graph.reserveFolded(shape, self)
    guard let isFirst = condition.broadcast(to: shape).booleans else { throw wrongType(0, condition, "booleans") }
    guard
      let both = HostTensor.concatenated(
        [x.broadcast(to: shape), y.broadcast(to: shape)].map { $0.reshaped([1] + shape) }, axis: 0, shape: [2] + shape)
    else { throw mixedTypes(x, y) }
    let places = isFirst.enumerated().map { $1 ? $0 : $0 + isFirst.count }
    return both.selecting(places, shape: shape)
  }

  /// A float value stays as it is when cast to another float type.
  func cast(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let code = try integer("to") ?? 0
    guard let type = TensorProto.DataType(rawValue: Int64(code)), !type.isForStorageAlone, let result = try cast(to: type, &graph) else {
      throw Refusal(.unsupportedType, at: place("to"), "element type \(code) of ONNX is not supported here")
    }
    return result
  }

  /// To the type of operand 1, of which only whether it is real, whole or a truth value is known.
  func castLike(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let type: TensorProto.DataType
    switch try operand(1) {
    case .value(let value, shape: _): type = graph.isInteger(value) ? .int64 : .float32
    case .constant(let tensor):
      switch tensor.elements {
      case .floats: type = .float32
      case .integers: type = .int64
      case .booleans: type = .bool
      }
    }
    guard let result = try cast(to: type, &graph) else {
      throw Refusal(.unsupportedType, at: place, "it casts what the net computes to \(type), only floats are supported")
    }
    return result
  }

  /// Operand 0; nil where it is computed by the net and the type is not one to compute with.
  private func cast(to type: TensorProto.DataType, _ graph: inout GraphBuilder) throws(Refusal) -> Operand? {
    switch try operand(0) {
    case .value(let value, let shape) where type.isReal: return try graph.castToReal(value, shape: shape, self)
    case .value where type == .bool: return try isNotZero(&graph)
    case .value(let value, shape: _): return graph.isInteger(value) ? try operand(0) : nil
    case .constant(let tensor):
      try graph.reserveFolded(tensor.shape, self)
      return .constant(HostTensor(shape: tensor.shape, try cast(tensor.elements, to: type)))
    }
  }

  private func isNotZero(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try inverted(inverted(step: "isZero", graph.number(self, operand: 0), &graph), &graph)
  }

  private func cast(_ elements: HostTensor.Elements, to type: TensorProto.DataType) throws(Refusal) -> HostTensor.Elements {
    switch type {
    case _ where type.isReal: return .floats(elements.doubles.map { Float($0) })
    case .bool: return .booleans(elements.doubles.map { $0 != 0 })
    default:
      if case .integers = elements { return elements }
      var integers: [Int64] = []
      for value in elements.doubles {
        guard let integer = Int64(exactly: value.rounded(.towardZero)) else {
          throw Refusal(.invalidOperand, at: place, "\(value) is no integer")
        }
        integers.append(integer)
      }
      return .integers(integers)
    }
  }

  func mixedTypes(_ a: HostTensor, _ b: HostTensor) -> Refusal {
    Refusal(.invalidOperand, at: place, "operands hold \(a.typeName) and \(b.typeName)")
  }

  /// As numpy does: aligned at the last axis, extents equal or 1; an extent may be 0.
  func broadcastShape(_ a: [Int], _ b: [Int]) throws(Refusal) -> [Int] {
    let rank = max(a.count, b.count)
    let paddedA = [Int](repeating: 1, count: rank - a.count) + a
    let paddedB = [Int](repeating: 1, count: rank - b.count) + b
    for (a, b) in zip(paddedA, paddedB) where a != b && a != 1 && b != 1 {
      throw Refusal(.invalidShape, at: place, "shapes \(a) and \(b) do not broadcast")
    }
    return zip(paddedA, paddedB).map { $0 == 1 ? $1 : $0 }
  }
}

extension FloatBinary {
  /// Division truncates toward zero; overflow also tells of a division by zero.
  fileprivate func applyReportingOverflow(_ a: Int64, _ b: Int64) -> (Int64, overflow: Bool) {
    switch self {
    case .add: a.addingReportingOverflow(b)
    case .sub: a.subtractingReportingOverflow(b)
    case .mul: a.multipliedReportingOverflow(by: b)
    case .div: a.dividedReportingOverflow(by: b)
    case .pow: Self.powerReportingOverflow(a, b)
    case .prelu: a < 0 ? b.multipliedReportingOverflow(by: a) : (a, false)
    case .maximum: (max(a, b), false)
    case .minimum: (min(a, b), false)
    case .equal: (a == b ? 1 : 0, false)
    case .less: (a < b ? 1 : 0, false)
    case .lessOrEqual: (a <= b ? 1 : 0, false)
    case .mask: (b == 0 ? 0 : a, false)
    }
  }

  /// Negative exponents count as overflow.
  private static func powerReportingOverflow(_ base: Int64, _ exponent: Int64) -> (Int64, overflow: Bool) {
    guard exponent >= 0 else { return (0, true) }
    // Only these have powers beyond 2^63 that fit.
    if base.magnitude <= 1 { return (exponent == 0 ? 1 : exponent % 2 == 0 ? base * base : base, false) }
    var (power, overflow): (Int64, Bool) = (1, exponent > 63)
    for _ in 0..<min(exponent, 63) where !overflow { (power, overflow) = power.multipliedReportingOverflow(by: base) }
    return (power, overflow)
  }
}

extension HostTensor.Elements {
  /// Integers beyond 2^53 lose their last bits.
  fileprivate var doubles: [Double] {
    switch self {
    case .floats(let values): values.map { Double($0) }
    case .integers(let values): values.map { Double($0) }
    case .booleans(let values): values.map { $0 ? 1 : 0 }
    }
  }
}

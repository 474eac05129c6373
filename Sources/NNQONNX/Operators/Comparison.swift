import NNQFloat

/// Operators that compare two tensors element by element.
enum Comparison {
  case equal, greater, greaterOrEqual, less, lessOrEqual

  /// What compares values of the net, and whether its operands change places.
  fileprivate var function: (FloatBinary, isSwapped: Bool) {
    switch self {
    case .equal: (.equal, false)
    case .greater: (.less, true)
    case .greaterOrEqual: (.lessOrEqual, true)
    case .less: (.less, false)
    case .lessOrEqual: (.lessOrEqual, false)
    }
  }

  fileprivate func callAsFunction<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
    switch self {
    case .equal: a == b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    case .less: a < b
    case .lessOrEqual: a <= b
    }
  }
}

/// On constants they are computed. What the net computes are truth values as numbers: 1 and 0.
extension NodeReader {
  func comparison(_ comparison: Comparison) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in
      if case .constant(let a) = try operand(0), case .constant(let b) = try operand(1) {
        return .constant(try folded(comparison, a, b, &graph))
      }
      if comparison == .equal, let encoding = try oneHot(&graph) { return encoding }
      let (function, isSwapped) = comparison.function
      let (a, b) = (try graph.number(self, operand: 0), try graph.number(self, operand: 1))
      return try graph.append(.binary(function), self, inputs: isSwapped ? [b, a] : [a, b])
    }
  }

  private func folded(
    _ comparison: Comparison, _ a: HostTensor, _ b: HostTensor, _ graph: inout GraphBuilder
  ) throws(Refusal) -> HostTensor {
    let shape = try broadcastShape(a.shape, b.shape)
    try graph.reserveFolded(shape, self)
    let results: [Bool]
    switch (a.broadcast(to: shape).elements, b.broadcast(to: shape).elements) {
    case (.floats(let a), .floats(let b)): results = zip(a, b).map { comparison($0, $1) }
    case (.integers(let a), .integers(let b)): results = zip(a, b).map { comparison($0, $1) }
    case (.booleans(let a), .booleans(let b)) where comparison == .equal: results = zip(a, b).map { $0 == $1 }
    default: throw mixedTypes(a, b)
    }
    return HostTensor(shape: shape, .booleans(results))
  }

  /// Where the last axis of the result tells which of the numbers 0, 1, 2, ... an input of integers is: rows of the unit matrix.
  private func oneHot(_ graph: inout GraphBuilder) throws(Refusal) -> Operand? {
    for (x, other) in [(0, 1), (1, 0)] {
      guard case .value(let numbers, let shape) = try operand(x), graph.isInteger(numbers), shape.last == 1,
        case .constant(let tensor) = try operand(other), let classes = tensor.integers, classes.count > 1,
        tensor.shape.last == classes.count, tensor.shape.count <= shape.count, classes.elementsEqual(0..<Int64(classes.count))
      else { continue }
      let count = classes.count
      let unit = try graph.constant(step: "unit", self, shape: [count, count], unitMatrix(count))
      let result = Array(shape.dropLast()) + [count]
      guard graph.shape(of: numbers) != Array(shape.dropLast()) else { return try graph.append(.gather, self, inputs: [numbers, unit]) }
      let rows = try graph.append(step: "rows", .gather, self, inputs: [numbers, unit])
      return try graph.append(.reshape, self, inputs: [rows], shape: result)
    }
    return nil
  }

  private func unitMatrix(_ count: Int) -> [Float] {
    (0..<count * count).map { $0 % (count + 1) == 0 ? 1 : 0 }
  }
}

/// Comparisons of constants and arithmetic on truth values: what decides shapes and branches.
extension NodeReader {
  enum Order { case less, equal, greater, unordered }

  /// Operands 0 and 1, element by element; `isTrue` says which orders give true.
  func comparison(_ isTrue: @escaping (Order) -> Bool) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in
      let (a, b) = (try constant(0), try constant(1))
      let shape = try broadcastShape(a.shape, b.shape)
      try graph.reserveFolded(shape, self)
      let results: [Bool]
      switch (a.broadcast(to: shape).elements, b.broadcast(to: shape).elements) {
      case (.floats(let a), .floats(let b)): results = zip(a, b).map { isTrue(Order($0, $1)) }
      case (.integers(let a), .integers(let b)): results = zip(a, b).map { isTrue(Order($0, $1)) }
      case (.booleans(let a), .booleans(let b)): results = zip(a, b).map { isTrue($0 == $1 ? .equal : .unordered) }
      default: throw mixedTypes(a, b)
      }
      return .constant(HostTensor(shape: shape, .booleans(results)))
    }
  }

  /// Operands 0 and 1, element by element.
  func logic(_ function: @escaping (Bool, Bool) -> Bool) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in
      let (a, b) = (try constant(0), try constant(1))
      let shape = try broadcastShape(a.shape, b.shape)
      try graph.reserveFolded(shape, self)
      guard let left = a.broadcast(to: shape).booleans else { throw wrongType(0, a, "booleans") }
      guard let right = b.broadcast(to: shape).booleans else { throw wrongType(1, b, "booleans") }
      return .constant(HostTensor(shape: shape, .booleans(zip(left, right).map { function($0, $1) })))
    }
  }
}

extension NodeReader.Order {
  fileprivate init<Number: Comparable>(_ a: Number, _ b: Number) {
    self = a < b ? .less : a == b ? .equal : a > b ? .greater : .unordered
  }
}

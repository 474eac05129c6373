import NNQFloat

/// Sum, Max, Min and Mean of any number of operands.
extension NodeReader {
  func variadic(_ operation: FloatBinary) -> (inout GraphBuilder) throws(Refusal) -> Operand {
    { (graph) throws(Refusal) in
      if operands.count == 2, let bounded = try bound(operation, &graph) { return bounded }
      return try chained(operation, isResult: true, &graph)
    }
  }

  func mean(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let share = 1 / Float(operands.count)
    switch try chained(.add, isResult: false, &graph) {
    case .constant(let sum): return .constant(try folded(.mul, sum, HostTensor(shape: [], .floats([share])), &graph))
    case .value(let sum, shape: _):
      return try graph.append(.binary(.mul), self, inputs: [sum, try graph.constant(step: "share", self, shape: [], [share])])
    }
  }

  /// One operation after the other, from the first operand on.
  ///
  /// - Parameter isResult: whether the last one gives the node's output.
  private func chained(_ operation: FloatBinary, isResult: Bool, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    var result = try operand(0)
    for index in operands.indices.dropFirst() {
      switch (result, try operand(index)) {
      case (.constant(let a), .constant(let b)): result = .constant(try folded(operation, a, b, &graph))
      case (.constant(let folded), .value(let value, shape: _)):
        let constant = try index == 1 ? graph.valueOrConstant(self, operand: 0) : constant(step: "constant", folded, &graph)
        result = try appended(operation, [constant, value], isResult: isResult && index == operands.count - 1, &graph)
      case (.value(let value, shape: _), _):
        let inputs = [value, try graph.valueOrConstant(self, operand: index)]
        result = try appended(operation, inputs, isResult: isResult && index == operands.count - 1, &graph)
      }
    }
    return result
  }

  private func appended(
    _ operation: FloatBinary, _ inputs: [Int], isResult: Bool, _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    if isResult { return try graph.append(.binary(operation), self, inputs: inputs) }
    let value = try graph.append(step: "\(operation)", .binary(operation), self, inputs: inputs)
    return .value(value, shape: graph.shape(of: value))
  }

  /// A constant computed on the way to the node's output.
  func constant(step: String, _ tensor: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    guard let values = tensor.floats else {
      throw Refusal(.invalidOperand, at: place, "an operand holds \(tensor.typeName), expected floats")
    }
    return try graph.constant(step: step, self, shape: tensor.shape, values)
  }

  /// The larger or smaller of a value and one number is a Clip.
  private func bound(_ operation: FloatBinary, _ graph: inout GraphBuilder) throws(Refusal) -> Operand? {
    for (x, other) in [(0, 1), (1, 0)] {
      guard case .value(let value, let shape) = try operand(x), case .constant(let tensor) = try operand(other),
        let bound = tensor.floats, bound.count == 1, bound[0].isFinite, tensor.shape.count <= shape.count
      else { continue }
      switch operation {
      case .maximum: return try graph.append(.unary(.clip(lo: bound[0], hi: .greatestFiniteMagnitude)), self, inputs: [value])
      case .minimum: return try graph.append(.unary(.clip(lo: -.greatestFiniteMagnitude, hi: bound[0])), self, inputs: [value])
      default: return nil
      }
    }
    return nil
  }
}

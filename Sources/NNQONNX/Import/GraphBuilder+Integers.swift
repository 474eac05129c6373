import NNQFloat

/// Graph inputs of integers: they number the rows of tables, or are cast to real numbers; nothing is computed with them.
extension GraphBuilder {
  /// An integer input as real numbers, in the shape in which the node sees it.
  mutating func castToReal(_ value: Int, shape: [Int], _ node: NodeReader) throws(Refusal) -> Operand {
    guard isInteger(value) else { return .value(value, shape: shape) }
    let real = try appendUnchecked(.reshape, node, inputs: [value], outputName: node.outputName, shape: shape)
    return .value(real, shape: shape)
  }

  /// An operand as a value of real numbers, whatever its type; truth values are 1 and 0.
  mutating func number(_ node: NodeReader, operand index: Int) throws(Refusal) -> Int {
    let step = "operand\(index)"
    switch try node.operand(index) {
    case .constant(let tensor):
      let numbers = try node.exactFloats(index, tensor)
      return try constant(step: step, node, shape: tensor.shape, numbers)
    case .value(let value, let shape):
      guard isInteger(value) else { return value }
      return try appendUnchecked(.reshape, node, inputs: [value], outputName: freshName("\(node.outputName).\(step)"), shape: shape)
    }
  }

  /// Inputs whose integers are used both as row numbers and as real numbers.
  var refusedInputs: [Refusal] {
    let gathered = Set(graph.nodes.filter { $0.operation == .gather }.map { $0.inputs[0] })
    let computed = Set(graph.nodes.filter { $0.operation != .gather }.flatMap(\.inputs))
    return graph.inputs.filter { gathered.contains($0) && computed.contains($0) }.map { input in
      Refusal(
        .unsupportedOperand, at: Place("input", graph.values[input].name),
        "its integers are row numbers for Gather and are computed with too", remedy: "export the net with two inputs")
    }
  }
}

extension NodeReader {
  var computesIntegers: Refusal {
    Refusal(
      .unsupportedOperand, at: place, "it computes with an input of integers",
      remedy: "supported are Gather of a constant by them, Cast to float, and operators that change their shape alone")
  }
}

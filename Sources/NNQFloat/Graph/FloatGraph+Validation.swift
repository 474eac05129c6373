extension FloatGraph {
  /// Checks everything the executor relies on: legal shapes, element counts, indices, definition before use, each value
  /// defined once, the shapes the nodes give, and an input and an output at least.
  package func validate() throws(FloatGraphError) {
    for value in values { try value.validate() }
    try checkIndices(inputs, of: "graph inputs")
    try checkIndices(outputs, of: "graph outputs")
    var isDefined = values.map { $0.constant != nil }
    try define(inputs, of: "graph inputs", &isDefined)
    for node in nodes {
      try checkIndices(node.inputs + node.outputs, of: node.name)
      for input in node.inputs where !isDefined[input] {
        throw FloatGraphError(node: node.name, .undefinedOperand(value: values[input].name))
      }
      try checkOutputs(of: node)
      try define(node.outputs, of: node.name, &isDefined)
    }
    try checkGathers()
    for output in outputs where !isDefined[output] {
      throw FloatGraphError(node: "graph outputs", .undefinedOperand(value: values[output].name))
    }
    for (ports, name) in [(inputs, "graph inputs"), (outputs, "graph outputs")] where ports.isEmpty {
      throw FloatGraphError(node: name, .record("count", got: "0", allowed: "1 or more"))
    }
  }

  private func checkIndices(_ indices: [Int], of name: String) throws(FloatGraphError) {
    for index in indices where !values.indices.contains(index) {
      throw FloatGraphError(node: name, .valueIndex(index, valueCount: values.count))
    }
  }

  /// Every operation has one output.
  private func checkOutputs(of node: FloatNode) throws(FloatGraphError) {
    guard node.outputs.count == 1 else {
      throw FloatGraphError(node: node.name, .record("output count", got: "\(node.outputs.count)", allowed: "1"))
    }
    let declared = values[node.outputs[0]].shape
    _ = try outputShape(of: node.operation, name: node.name, inputs: node.inputs, declared: declared)
  }

  private func define(_ indices: [Int], of name: String, _ isDefined: inout [Bool]) throws(FloatGraphError) {
    for index in indices {
      guard !isDefined[index] else { throw FloatGraphError(node: name, .definedTwice(value: values[index].name)) }
      isDefined[index] = true
    }
  }
}

extension FloatValue {
  /// A legal shape, and as many elements as it says.
  func validate() throws(FloatGraphError) {
    do {
      try FloatOperation.checkLegal(shape)
    } catch {
      throw FloatGraphError(node: name, error)
    }
    if let constant, constant.count != elementCount {
      throw FloatGraphError(node: name, .elementCount(constant.count, shape: shape))
    }
  }
}

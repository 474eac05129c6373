/// Building a graph node by node: every step leaves a legal graph.
extension FloatGraph {
  /// Appends a graph input. Returns the value's index.
  @discardableResult
  package mutating func addInput(name: String, shape: [Int]) throws(FloatGraphError) -> Int {
    let index = try addValue(FloatValue(name: name, shape: shape))
    inputs.append(index)
    return index
  }

  /// Appends a constant; `values` are in memory order. Returns the value's index.
  package mutating func addConstant(name: String, shape: [Int], values elements: [Float]) throws(FloatGraphError) -> Int {
    try addValue(FloatValue(name: name, shape: shape, constant: elements))
  }

  /// Appends a node and the value it defines.
  ///
  /// - Parameter outputShape: needed for `reshape` and `slice`; checked for the others when it is given.
  /// - Returns: the index of the new value.
  package mutating func append(
    _ operation: FloatOperation, name: String, inputs: [Int], outputName: String, outputShape: [Int]? = nil
  ) throws(FloatGraphError) -> Int {
    let shape = try self.outputShape(of: operation, name: name, inputs: inputs, declared: outputShape)
    values.append(FloatValue(name: outputName, shape: shape))
    nodes.append(FloatNode(name: name, operation, inputs: inputs, outputs: [values.count - 1]))
    return values.count - 1
  }

  /// The shape of the one output of an operation on values of this graph.
  ///
  /// - Parameters:
  ///   - name: the node's, for messages.
  ///   - inputs: value indices.
  ///   - declared: the output's shape where it is known; needed for `reshape` and `slice`.
  package func outputShape(
    of operation: FloatOperation, name: String, inputs: [Int], declared: [Int]? = nil
  ) throws(FloatGraphError) -> [Int] {
    for index in inputs where !values.indices.contains(index) {
      throw FloatGraphError(node: name, .valueIndex(index, valueCount: values.count))
    }
    do {
      let shape = try operation.outputShape(operands: inputs.map { values[$0].shape }, declared: declared)
      try checkPlaces(of: operation, inputs)
      return shape
    } catch {
      throw FloatGraphError(node: name, error)
    }
  }

  /// Operands that say where in x elements come from are constants within it.
  private func checkPlaces(of operation: FloatOperation, _ inputs: [Int]) throws(FloatGraphError.Reason) {
    for (operand, axis, areWhole) in operation.placeOperands where operand < inputs.count {
      let last = values[inputs[0]].shape[axis] - 1
      guard let places = values[inputs[operand]].constant else {
        throw .attribute("operand \(operand)", got: "an activation", allowed: "a constant")
      }
      for place in places where !(0...Float(last)).contains(place) || (areWhole && place != place.rounded()) {
        throw .attribute("place", got: "\(place) along axis \(axis)", allowed: "\(areWhole ? "whole numbers in " : "")0...\(last)")
      }
    }
  }

  private mutating func addValue(_ value: FloatValue) throws(FloatGraphError) -> Int {
    try value.validate()
    values.append(value)
    return values.count - 1
  }
}

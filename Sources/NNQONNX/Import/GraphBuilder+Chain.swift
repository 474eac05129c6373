import NNQFloat

/// One of the operations that a node becomes: it takes what the one before it gave, and others.
struct ChainLink {
  /// What its value is, for its name; the last link of a chain defines the node's output.
  var step: String
  var operation: FloatOperation
  /// Values that are its operands after the first.
  var others: [Int] = []
  /// The output's; needed for `reshape` and `slice`.
  var shape: [Int]?

  init(_ step: String, _ operation: FloatOperation, _ others: [Int] = [], shape: [Int]? = nil) {
    self.step = step
    self.operation = operation
    self.others = others
    self.shape = shape
  }
}

extension GraphBuilder {
  /// Appends operations, each on the value of the one before it, the last of which defines the node's output.
  mutating func append(chain: [ChainLink], _ node: NodeReader, from x: Int) throws(Refusal) -> Operand {
    guard let last = chain.last else { return .value(x, shape: shape(of: x)) }
    let value = try append(steps: chain.dropLast(), node, from: x)
    return try append(last.operation, node, inputs: [value] + last.others, shape: last.shape)
  }

  /// Appends operations, each on the value of the one before it, on the way to the node's output.
  mutating func append(steps: [ChainLink], _ node: NodeReader, from x: Int) throws(Refusal) -> Int {
    var value = x
    for link in steps { value = try append(step: link.step, link.operation, node, inputs: [value] + link.others, shape: link.shape) }
    return value
  }
}

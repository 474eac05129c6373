import NNQFormat

extension Graph {
  /// Checks every rule of operators.md 5 but the declared costs.
  public func validate() throws(GraphError) {
    for tensor in tensors { try tensor.validate() }
    try requireDefinitions()
    try requireIndicesAreInputs()
    for (index, node) in nodes.enumerated() {
      let checker = NodeChecker(node, in: self, location: location(ofNode: index))
      try checker.checkAttributes()
      try checker.check(node.operation)
    }
  }

  /// A node's name in messages and options: that of its first output.
  public func location(ofNode index: Int) -> String {
    guard let output = nodes[index].outputs.first, tensors.indices.contains(output), !tensors[output].name.isEmpty else {
      return "node \(index)"
    }
    return tensors[output].name
  }

  /// Spec: operators.md 5.2.
  private func requireDefinitions() throws(GraphError) {
    var defined = tensors.map { $0.constant != nil }
    var used = [Bool](repeating: false, count: tensors.count)
    func define(_ tensor: Int, at location: String) throws(GraphError) {
      guard !defined[tensor] else {
        throw GraphError(.redefinedTensor, at: location, got: "'\(tensors[tensor].name)' again", expected: "one definition")
      }
      defined[tensor] = true
    }
    for port in inputs { try define(try checked(port.tensor, at: "input port"), at: "input port") }
    for (index, node) in nodes.enumerated() {
      let location = location(ofNode: index)
      for input in node.inputs {
        guard defined[try checked(input, at: location)] else {
          throw GraphError(.undefinedTensor, at: location, got: "'\(tensors[input].name)'", expected: "a tensor defined by an earlier node")
        }
        used[input] = true
      }
      for output in node.outputs { try define(try checked(output, at: location), at: location) }
    }
    for port in outputs {
      let tensor = try checked(port.tensor, at: "output port")
      guard defined[tensor], tensors[tensor].constant == nil else {
        throw GraphError(.badPort, at: "output port", got: "'\(tensors[tensor].name)'", expected: "a defined activation")
      }
      used[tensor] = true
    }
    guard let idle = used.firstIndex(of: false) else { return }
    throw GraphError(.unusedTensor, at: tensors[idle].name, got: "no use", expected: "a use by a node or an output port")
  }

  /// Spec: operators.md 3.19. That gather alone reads them follows from the types the other operators take.
  private func requireIndicesAreInputs() throws(GraphError) {
    for (index, tensor) in tensors.enumerated() where tensor.constant == nil && tensor.elementType == .s32 {
      guard inputs.contains(where: { $0.tensor == index }), !outputs.contains(where: { $0.tensor == index }) else {
        throw GraphError(.operandType, at: tensor.name, got: "s32 that is computed or an output", expected: "a graph input")
      }
    }
  }

  private func checked(_ tensor: Int, at location: String) throws(GraphError) -> Int {
    guard tensors.indices.contains(tensor) else {
      throw GraphError(.undefinedTensor, at: location, got: "tensor \(tensor)", expected: "0..<\(tensors.count)")
    }
    return tensor
  }
}

extension NodeChecker {
  fileprivate func check(_ operation: Operation) throws(GraphError) {
    switch operation {
    case .conv2D(let conv): try check(conv)
    case .dense(let epilogue): try checkDense(epilogue)
    case .add(let add): try check(add)
    case .maxPool(let window): try check(window)
    case .averagePool(let pool): try check(pool)
    case .softmax: try checkSoftmax()
    case .table: try checkTable()
    case .pad(let before, let after, let fill): try checkPad(before: before, after: after, fill: fill)
    case .slice(let begin, let step): try checkSlice(begin: begin, step: step)
    case .reshape: try checkReshape()
    case .concat(let axis): try checkConcat(axis: axis)
    case .multiply(let multiply): try check(multiply)
    case .maximum, .minimum: try checkExtremum()
    case .requantize(let requantize): try check(requantize)
    case .transpose(let permutation): try checkTranspose(permutation)
    case .take(let axis): try checkTake(axis: axis)
    case .resize: try checkResize()
    case .gather: try checkGather()
    case .reduce(let reduction): try check(reduction)
    case .matMul(let matMul): try check(matMul)
    case .layerNorm: try checkLayerNorm()
    }
  }
}

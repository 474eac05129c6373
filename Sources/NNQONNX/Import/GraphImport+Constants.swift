import NNQFloat

/// Operators on constants alone that no rule computes: a graph of the one node is built, and run while the model is imported.
extension GraphImport {
  /// What the rule gives. Where it refuses an operand because it must be computed, as pools refuse every constant, that operand
  /// becomes an input of a graph that is run now.
  mutating func results(of rule: OperatorRule, _ node: NodeReader) throws(Refusal) -> [Operand] {
    var refusal: Refusal
    do throws(Refusal) { return try rule.emit(node)(&builder) } catch { refusal = error }
    var inputs: [(operand: Int, tensor: HostTensor)] = []
    while let operand = refusal.constantOperand, node.operands.allSatisfy({ $0?.isConstant ?? true }),
      !inputs.contains(where: { $0.operand == operand })
    {
      inputs.append((operand, try node.constant(operand)))
      do throws(Refusal) { return try computed(rule, node, inputs) } catch { refusal = error }
    }
    throw refusal
  }

  /// - Parameter inputs: operands of the node that are inputs of the graph which is run; the others stay constants.
  private mutating func computed(
    _ rule: OperatorRule, _ node: NodeReader, _ inputs: [(operand: Int, tensor: HostTensor)]
  ) throws(Refusal) -> [Operand] {
    var (scratch, reader) = (builder.scratch, node)
    var elements: [[Float]] = []
    for (operand, tensor) in inputs {
      elements.append(try node.exactFloats(operand, tensor))
      reader.operands[operand] = try scratch.addInput(name: "operand \(operand)", shape: tensor.shape)
    }
    var results = try rule.emit(reader)(&scratch)
    for case .value(let value, shape: _) in results { try scratch.addOutput(value, name: "output") }
    let graph = scratch.finished()
    for node in graph.nodes { try scratch.reserveFolded(graph.values[node.outputs[0]].shape, reader) }
    builder.chargeFolding(to: scratch)
    var outputs = try node.run(graph, elements).makeIterator()
    for index in results.indices {
      guard case .value(_, let shape) = results[index], let output = outputs.next() else { continue }
      results[index] = .constant(HostTensor(shape: shape, try node.elements(output, like: inputs[0].tensor)))
    }
    return results
  }
}

extension NodeReader {
  fileprivate func run(_ graph: FloatGraph, _ inputs: [[Float]]) throws(Refusal) -> [[Float]] {
    do { return try FloatExecutor(graph).run(inputs: inputs) } catch { throw Refusal(.invalidShape, at: place, "\(error)") }
  }

  /// Floats hold all integers below, so that none of them is rounded.
  private static var exactIntegerCount: Int64 { 1 << 24 }

  /// The elements of an operand of any type as real numbers.
  func exactFloats(_ operand: Int, _ tensor: HostTensor) throws(Refusal) -> [Float] {
    switch tensor.elements {
    case .floats(let values): return values
    case .booleans(let values): return values.map { $0 ? 1 : 0 }
    case .integers(let values):
      if let value = values.first(where: { $0.magnitude >= Self.exactIntegerCount }) { throw inexact("operand \(operand)", value) }
      return values.map { Float($0) }
    }
  }

  /// Computed elements in the type of the tensor that they were computed from: integers are rounded toward zero.
  fileprivate func elements(_ values: [Float], like tensor: HostTensor) throws(Refusal) -> HostTensor.Elements {
    switch tensor.elements {
    case .floats: return .floats(values)
    case .booleans:
      guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw wrongType(0, tensor, "numbers") }
      return .booleans(values.map { $0 == 1 })
    case .integers:
      // Also false for NaN.
      if let value = values.first(where: { !($0.magnitude < Float(Self.exactIntegerCount)) }) { throw inexact("its result", value) }
      return .integers(values.map { Int64($0) })
    }
  }

  private func inexact<Number>(_ what: String, _ value: Number) -> Refusal {
    Refusal(
      .tooLarge, at: place, "\(what) holds \(value), integers are computed below \(Self.exactIntegerCount) alone",
      remedy: "simplify the model so that constants are folded")
  }
}

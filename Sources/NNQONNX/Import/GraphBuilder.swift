import NNQFloat

/// The float graph under construction, and the constants and names operators share.
struct GraphBuilder {
  private(set) var graph = FloatGraph()
  /// Names no value made here may take: those of the ONNX graph, then of values made for steps and derived constants.
  private var takenNames: Set<String>
  /// Names that values of the graph have.
  private var valueNames: Set<String> = []
  private var constants: [ConstantKey: Int] = [:]
  /// The sub-graph whose names nodes use: each entered has a number of its own, the model's graph 0.
  private(set) var scope = 0
  private var lastScope = 0
  /// How many more elements of constants may be computed. Bounds the memory a small file can ask for.
  private var foldableElementCount: Int

  /// A constant of the model, and what was done to it.
  private struct ConstantKey: Hashable {
    var scope: Int
    var name: String
    var shape: [Int]
    var derivation: String
  }

  init(modelNames: Set<String>, foldableElementCount: Int) {
    takenNames = modelNames
    self.foldableElementCount = foldableElementCount
  }

  /// Graph inputs of integers. Operators that change a shape alone give such an input again, seen in another shape.
  private(set) var integerInputs: Set<Int> = []

  func isInteger(_ value: Int) -> Bool { integerInputs.contains(value) }

  // MARK: Graphs that are run now

  /// For a graph of its own, which draws on the same account of constants.
  var scratch: GraphBuilder { GraphBuilder(modelNames: [], foldableElementCount: foldableElementCount) }

  /// Accounts for what the graph of `scratch` has computed.
  mutating func chargeFolding(to scratch: GraphBuilder) { foldableElementCount = scratch.foldableElementCount }

  // MARK: Scopes

  mutating func enterScope() {
    lastScope += 1
    scope = lastScope
  }

  mutating func returnToScope(_ number: Int) { scope = number }

  // MARK: Values and nodes

  mutating func addInput(name: String, shape: [Int], isReal: Bool = true) throws(Refusal) -> Operand {
    valueNames.insert(name)
    do {
      let value = try graph.addInput(name: name, shape: shape)
      if !isReal { integerInputs.insert(value) }
      return .value(value, shape: shape)
    } catch {
      throw Refusal(.invalidShape, at: Place("input", name), error.reason.description)
    }
  }

  /// Appends the operation that defines an output of the node.
  ///
  /// - Parameters:
  ///   - shape: the output's; needed for `reshape` and `slice`.
  ///   - output: which of the node's outputs it is.
  mutating func append(
    _ operation: FloatOperation, _ node: NodeReader, inputs: [Int], shape: [Int]? = nil, output: Int = 0
  ) throws(Refusal) -> Operand {
    if operation == .reshape, let shape, isInteger(inputs[0]) { return .value(inputs[0], shape: shape) }
    let value = try append(operation, node, inputs: inputs, outputName: outputName(output, of: node), shape: shape)
    return .value(value, shape: graph.values[value].shape)
  }

  /// Appends an operation on the way to the node's output. Returns the index of its value.
  ///
  /// - Parameter step: what the value is, for its name.
  mutating func append(
    step: String, _ operation: FloatOperation, _ node: NodeReader, inputs: [Int], shape: [Int]? = nil
  ) throws(Refusal) -> Int {
    try append(operation, node, inputs: inputs, outputName: freshName("\(node.outputName).\(step)"), shape: shape)
  }

  private mutating func append(
    _ operation: FloatOperation, _ node: NodeReader, inputs: [Int], outputName: String, shape: [Int]?
  ) throws(Refusal) -> Int {
    guard operation == .gather || !inputs.contains(where: isInteger) else { throw node.computesIntegers }
    return try appendUnchecked(operation, node, inputs: inputs, outputName: outputName, shape: shape)
  }

  /// Whatever the operands are.
  mutating func appendUnchecked(
    _ operation: FloatOperation, _ node: NodeReader, inputs: [Int], outputName: String, shape: [Int]?
  ) throws(Refusal) -> Int {
    do {
      return try graph.append(operation, name: node.place.name, inputs: inputs, outputName: unusedName(outputName), outputShape: shape)
    } catch {
      throw Refusal(.invalidShape, at: node.place, error.reason.description)
    }
  }

  /// An output after the first that nothing uses need not have a name.
  private mutating func outputName(_ index: Int, of node: NodeReader) -> String {
    guard node.node.outputs.indices.contains(index), !node.node.outputs[index].isEmpty else {
      return freshName("\(node.outputName).\(index)")
    }
    return node.node.outputs[index]
  }

  func shape(of value: Int) -> [Int] { graph.values[value].shape }

  // MARK: Constants

  /// The operand as a value of the graph, whether it is constant or not.
  mutating func valueOrConstant(_ node: NodeReader, operand index: Int) throws(Refusal) -> Int {
    switch try node.operand(index) {
    case .value(let value, shape: _): return value
    case .constant(let tensor): return try constant(node, operand: index, shape: tensor.shape) { $0 }
    }
  }

  /// A constant of the graph made from a constant operand of floats; the same one for every node that asks for it.
  ///
  /// - Parameters:
  ///   - derivation: what is done to the elements, for the name; empty when they stay as they are.
  ///   - derive: gets and returns the elements in memory order.
  mutating func constant(
    _ node: NodeReader, operand index: Int, derivation: String = "", shape: [Int], _ derive: ([Float]) -> [Float]
  ) throws(Refusal) -> Int {
    let tensor = try node.constant(index)
    guard let values = tensor.floats else { throw node.wrongType(index, tensor, "floats") }
    let key = ConstantKey(scope: scope, name: node.node.inputs[index], shape: shape, derivation: derivation)
    if let known = constants[key] { return known }
    do {
      try FloatOperation.checkLegal(shape)
    } catch {
      throw Refusal(.invalidShape, at: node.place, "operand \(index): \(error)")
    }
    if !derivation.isEmpty { try reserveFolded(shape, node) }
    do {
      let name = derivation.isEmpty ? unusedName(key.name) : freshName(key.name + derivation)
      let constant = try graph.addConstant(name: name, shape: shape, values: derive(values))
      constants[key] = constant
      return constant
    } catch {
      throw Refusal(.invalidShape, at: node.place, "operand \(index): \(error.reason)")
    }
  }

  /// A constant that no operand of the node is, but that computes its output.
  ///
  /// - Parameters:
  ///   - step: what it is, for its name.
  ///   - elements: are computed after their number is accounted for.
  mutating func constant(
    step: String, _ node: NodeReader, shape: [Int], _ elements: @autoclosure () -> [Float]
  ) throws(Refusal) -> Int {
    try reserveFolded(shape, node)
    do {
      return try graph.addConstant(name: freshName("\(node.outputName).\(step)"), shape: shape, values: elements())
    } catch {
      throw Refusal(.invalidShape, at: node.place, error.reason.description)
    }
  }

  /// Accounts for a constant before it is computed.
  mutating func reserveFolded(_ shape: [Int], _ node: NodeReader) throws(Refusal) {
    guard let count = HostTensor.elementCount(shape) else {
      throw Refusal(.invalidShape, at: node.place, "a constant's shape is negative, too large or has too many axes")
    }
    guard count <= foldableElementCount else {
      throw Refusal(
        .tooLarge, at: node.place, "a constant of shape \(shape) exceeds the \(foldableElementCount) elements left for folding",
        remedy: "simplify the model so that constants are folded, or raise the limit with --fold-limit")
    }
    foldableElementCount -= count
  }

  /// The model's name of a value, or, where another sub-graph has a value of that name, one made from it.
  private mutating func unusedName(_ name: String) -> String {
    valueNames.insert(name).inserted ? name : freshName(name)
  }

  mutating func freshName(_ base: String) -> String {
    var name = base
    var suffix = 2
    while valueNames.contains(name) || !takenNames.insert(name).inserted {
      name = "\(base).\(suffix)"
      suffix += 1
    }
    return name
  }

  // MARK: Outputs

  /// Makes a value a graph output under its ONNX name, which an alias (Identity, Dropout) may have hidden.
  mutating func addOutput(_ value: Int, name: String) throws(Refusal) {
    guard !isInteger(value) else {
      throw Refusal(.unsupportedOperand, at: Place("output", name), "it is an input of integers, not computed from it")
    }
    var value = value
    if graph.values[value].name != name {
      if graph.inputs.contains(value) || graph.outputs.contains(value) {
        value = try appendCopy(of: value, name: name)
      } else {
        graph.values[value].name = name
      }
    }
    graph.outputs.append(value)
  }

  private mutating func appendCopy(of value: Int, name: String) throws(Refusal) -> Int {
    let shape = graph.values[value].shape
    do {
      return try graph.append(.reshape, name: name, inputs: [value], outputName: name, outputShape: shape)
    } catch {
      throw Refusal(.invalidShape, at: Place("output", name), error.reason.description)
    }
  }

  mutating func finished() -> FloatGraph {
    graph.removeDeadNodes()
    return graph
  }
}

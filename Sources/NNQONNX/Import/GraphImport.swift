import NNQFloat

/// Walks a graph once, in its order, and gives every name its meaning: a constant, or a value of the float graph.
///
/// What cannot be imported is noted, and what depends on it left out, so that one pass finds everything.
struct GraphImport {
  enum Binding {
    case known(Operand)
    /// Refused, or computed from something refused.
    case refused
  }

  private let proto: GraphProto
  let opset: Int
  private let options: ImportOptions
  var scope: ImportScope
  var bindings: [String: Binding] = [:]
  var builder: GraphBuilder
  var refusals: [Refusal] = []
  /// Of the graphs that were entered.
  private var nodeCount = 0
  /// Nodes whose outputs were computed.
  private(set) var folded: [Place] = []

  init(_ proto: GraphProto, opset: Int, fileByteCount: Int, options: ImportOptions) {
    self.proto = proto
    self.opset = opset
    self.options = options
    scope = ImportScope(proto)
    let modelNames = scope.definedNames.union(proto.inputs.map(\.name)).union(proto.initializers.map(\.name))
    let foldableElementCount = options.maximumFoldedElementCount ?? ImportOptions.leastFoldedElementCount + fileByteCount
    builder = GraphBuilder(modelNames: modelNames, foldableElementCount: foldableElementCount)
  }

  /// The graph for batch 1, or everything that is refused.
  mutating func run() throws(ImportError) -> FloatGraph {
    try importBody(keepsBatch: false)
    if builder.graph.inputs.isEmpty, refusals.isEmpty { refusals.append(Refusal(.missingPort, at: Place("model"), "it has no inputs")) }
    for output in proto.outputs { _ = importOutput(output, mayBeConstant: false) }
    if proto.outputs.isEmpty { refusals.append(Refusal(.missingPort, at: Place("model"), "it has no outputs")) }
    guard refusals.isEmpty else { throw .refused(refusals) }
    var graph = builder.finished()
    refusals = builder.refusedInputs + graph.reduceBatch()
    guard refusals.isEmpty else { throw .refused(refusals) }
    return graph
  }

  /// After a refusal: the nodes that are not refused, and depend on none that is. Their outputs that no node reads are the
  /// graph's.
  mutating func importedPart() -> FloatGraph? {
    let read = Set(builder.graph.nodes.flatMap(\.inputs))
    for node in builder.graph.nodes {
      for output in node.outputs where !read.contains(output) && !builder.graph.outputs.contains(output) {
        try? builder.addOutput(output, name: builder.graph.values[output].name)
      }
    }
    var graph = builder.finished()
    guard !graph.nodes.isEmpty, graph.reduceBatch().isEmpty else { return nil }
    return graph
  }

  /// The graph with the batch axis of the file.
  mutating func runStated() throws(ImportError) -> StatedModel {
    try importBody(keepsBatch: true)
    let outputs = proto.outputs.compactMap { importOutput($0, mayBeConstant: true) }
    guard refusals.isEmpty else { throw .refused(refusals) }
    return StatedModel(graph: builder.finished(), outputs: outputs)
  }

  private mutating func importBody(keepsBatch: Bool) throws(ImportError) {
    do throws(Refusal) { try reserveNodes(of: proto, at: Place("model")) } catch { throw .refused([error]) }
    importInitializers(of: proto)
    importInputs(keepsBatch: keepsBatch)
    for node in proto.nodes { importNode(node) }
  }

  // MARK: Names

  /// Gives a new name its meaning, or notes why it has none.
  private mutating func define(_ name: String, at place: Place, _ operand: (inout GraphBuilder) throws(Refusal) -> Operand?) {
    do throws(Refusal) {
      guard !name.isEmpty else { throw Refusal(.undefinedName, at: place, "what it defines has no name") }
      guard bindings[name] == nil else { throw Refusal(.duplicateName, at: place, "'\(name)' is already defined") }
      bindings[name] = .refused
      if let operand = try operand(&builder) { bindings[name] = .known(operand) }
    } catch {
      refusals.append(error)
    }
  }

  func binding(_ name: String, usedAt place: Place) throws(Refusal) -> Binding {
    if let binding = bindings[name] { return binding }
    throw Refusal(
      .undefinedName, at: place,
      scope.definedNames.contains(name) ? "'\(name)' is defined by this or a later node" : "'\(name)' is not defined")
  }

  // MARK: Initializers, inputs and outputs

  mutating func importInitializers(of proto: GraphProto) {
    for tensor in proto.initializers {
      let place = Place("initializer", tensor.name, byteOffset: tensor.byteOffset)
      define(tensor.name, at: place) { (_) throws(Refusal) in .constant(try HostTensor(tensor, at: place)) }
    }
    for sparse in proto.sparseInitializers {
      let place = Place("initializer", sparse.name, byteOffset: sparse.byteOffset)
      define(sparse.name, at: place) { (_) throws(Refusal) in
        throw Refusal(.sparseInitializer, at: place, "sparse tensors are not supported", remedy: "store it as a dense tensor")
      }
    }
  }

  /// An input that has an initializer is a constant: so files before IR version 4 list them.
  private mutating func importInputs(keepsBatch: Bool) {
    let constantNames = Set(bindings.keys)
    let inputs = proto.inputs.filter { !constantNames.contains($0.name) }
    let namesOfOptions = Set(options.inputShapes.keys).union(options.inputValues.keys)
    for name in namesOfOptions.sorted() where !inputs.contains(where: { $0.name == name }) {
      let names = inputs.map { "'\($0.name)'" }.joined(separator: ", ")
      refusals.append(Refusal(.invalidOption, at: Place("input", name), "the model has no such input, only \(names)"))
    }
    for input in inputs {
      let options = options
      define(input.name, at: input.place) { (builder) throws(Refusal) in
        if let value = options.inputValues[input.name] { return .constant(value) }
        let shape = try input.staticShape(options.inputShapes[input.name], keepsBatch: keepsBatch)
        return try builder.addInput(name: input.name, shape: shape, isReal: input.dataType?.isReal ?? true)
      }
    }
  }

  /// Nil when it is refused.
  private mutating func importOutput(_ output: ValueInfoProto, mayBeConstant: Bool) -> StatedModel.Output? {
    let name = output.name
    let place = Place("output", name, byteOffset: output.byteOffset)
    do throws(Refusal) {
      switch try binding(name, usedAt: place) {
      case .refused: return nil
      case .known(.constant(let tensor)) where mayBeConstant: return .constant(tensor)
      case .known(.constant): throw Refusal(.unsupportedOperand, at: place, "it is a constant, not computed from the inputs")
      case .known(.value(let value, shape: _)):
        try builder.addOutput(value, name: name)
        return .value(builder.graph.outputs.count - 1)
      }
    } catch {
      refusals.append(error)
      return nil
    }
  }

  // MARK: Nodes

  /// Accounts for a graph's nodes before any of them is taken.
  mutating func reserveNodes(of graph: GraphProto, at place: Place) throws(Refusal) {
    nodeCount += graph.nodes.count
    guard nodeCount <= ONNXImporter.maximumNodeCount else {
      throw Refusal(.tooLarge, at: place, "with it there are \(nodeCount) nodes, supported are \(ONNXImporter.maximumNodeCount)")
    }
  }

  mutating func importNode(_ node: NodeProto) {
    let place = Place(node)
    let results = results(of: node, place)
    if let results, results.allSatisfy(\.isConstant), !results.isEmpty { folded.append(place) }
    for (index, output) in node.outputs.enumerated() where index == 0 || (scope.usedNames.contains(output) && !output.isEmpty) {
      define(output, at: place) { (_) throws(Refusal) in
        guard let results else { return nil }
        guard index < results.count else {
          let supported = results.count == 1 ? "only the first output is" : "only the first \(results.count) outputs are"
          throw Refusal(.unsupportedOperand, at: place, "its output '\(output)' is used, \(supported) supported")
        }
        return results[index]
      }
    }
    if node.outputs.isEmpty { define("", at: place) { (_) throws(Refusal) in nil } }
  }

  /// What a node's outputs are; nil when it or one of its operands is refused.
  private mutating func results(of node: NodeProto, _ place: Place) -> [Operand]? {
    do throws(Refusal) {
      if node.opType == "If", node.isOfDefaultDomain { return try branchTaken(by: node, place) }
      let rule = try rule(for: node, place)
      guard let operands = try operands(of: node, place) else { return nil }
      var reader = NodeReader(node: node, opset: opset, operands: operands)
      if opset < 7 { try reader.alignLegacyOperand(&builder) }
      return try results(of: rule, reader)
    } catch {
      refusals.append(error)
      return nil
    }
  }

  private func rule(for node: NodeProto, _ place: Place) throws(Refusal) -> OperatorRule {
    guard node.isOfDefaultDomain else {
      throw Refusal(
        .unsupportedDomain, at: place, "operators of the domain '\(node.domain)' are not supported",
        remedy: "export the net with operators of ONNX alone, without those that an optimizer has fused")
    }
    guard let rule = OperatorRule(node.opType) else { throw .unsupportedOperator(at: place) }
    let legacy = opset < 7 ? OperatorRule.legacyAttributes(of: node.opType) : []
    for attribute in node.attributes where !rule.attributes.contains(attribute.name) && !legacy.contains(attribute.name) {
      throw Refusal(
        .unsupportedAttribute, at: Place(node, attribute: attribute.name), "the attribute is not supported",
        remedy: "export the net without it")
    }
    guard Set(node.attributes.map(\.name)).count == node.attributes.count else {
      throw Refusal(.invalidAttribute, at: place, "an attribute occurs twice")
    }
    return rule
  }

  /// Nil when one of them is refused.
  func operands(of node: NodeProto, _ place: Place) throws(Refusal) -> [Operand?]? {
    var operands: [Operand?] = []
    for name in node.inputs {
      guard !name.isEmpty else {
        operands.append(nil)
        continue
      }
      if case .known(let operand) = try binding(name, usedAt: place) { operands.append(operand) }
    }
    return operands.count == node.inputs.count ? operands : nil
  }
}

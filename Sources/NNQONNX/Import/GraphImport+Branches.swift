/// Sub-graphs whose nodes are taken into the graph around them.
extension GraphImport {
  /// Each sub-graph takes stack; no exporter nests this deep.
  static let maximumDepth = 32

  /// The outputs of the branch that an If with a constant condition takes; nil when something of it is refused.
  mutating func branchTaken(by node: NodeProto, _ place: Place) throws(Refusal) -> [Operand]? {
    guard let operands = try operands(of: node, place) else {
      refusals += node.refusedOperatorsInSubgraphs
      return nil
    }
    let reader = NodeReader(node: node, opset: opset, operands: operands)
    guard case .constant(let condition) = try reader.operand(0) else {
      throw Refusal(
        .unsupportedOperand, at: place, "its condition is computed by the net, only a constant one is supported",
        remedy: "export the branch that is wanted, or fix the input that decides")
    }
    guard let truth = condition.booleans, truth.count == 1 else {
      throw Refusal(.invalidOperand, at: place, "its condition holds \(condition.elementCount) \(condition.typeName), expected one boolean")
    }
    return try inlined(reader, attribute: truth[0] ? "then_branch" : "else_branch")
  }

  /// Takes in the nodes of a sub-graph, which sees all names of the graphs around it.
  private mutating func inlined(_ reader: NodeReader, attribute: String) throws(Refusal) -> [Operand]? {
    guard scope.depth < Self.maximumDepth else {
      throw Refusal(.tooLarge, at: reader.place, "sub-graphs are nested more than \(Self.maximumDepth) deep")
    }
    let proto = try reader.graph(attribute)
    try reserveNodes(of: proto, at: reader.place(attribute))
    let outer = (scope: scope, bindings: bindings, number: builder.scope)
    defer {
      (scope, bindings) = (outer.scope, outer.bindings)
      builder.returnToScope(outer.number)
    }
    scope = ImportScope(proto, depth: outer.scope.depth + 1)
    builder.enterScope()
    for name in scope.definedNames { bindings[name] = nil }
    importInitializers(of: proto)
    for node in proto.nodes { importNode(node) }
    var outputs: [Operand] = []
    for output in proto.outputs {
      guard case .known(let operand) = try binding(output.name, usedAt: reader.place(attribute)) else { return nil }
      outputs.append(operand)
    }
    return outputs
  }
}

/// What the names of one graph, the model's or a sub-graph, are used for.
struct ImportScope {
  /// What nodes define.
  let definedNames: Set<String>
  /// What nodes and outputs use.
  let usedNames: Set<String>
  /// Sub-graphs around it.
  let depth: Int

  init(_ proto: GraphProto, depth: Int = 0) {
    self.depth = depth
    definedNames = Set(proto.nodes.flatMap(\.outputs))
    usedNames = Set(proto.nodes.flatMap { $0.inputs + $0.namesUsedInSubgraphs } + proto.outputs.map(\.name))
  }
}

extension NodeProto {
  /// Names that the node's sub-graphs use, and theirs: every one counts, those they define themselves too. What cannot be
  /// read uses nothing; it is refused where it is entered.
  fileprivate var namesUsedInSubgraphs: [String] {
    attributes.flatMap { attribute -> [String] in
      guard case .graph(let message) = attribute.value else { return [] }
      return SubgraphWalk.names(in: message)
    }
  }

  /// Operators without a rule in the node's sub-graphs, and theirs: what is refused whichever of them is entered.
  var refusedOperatorsInSubgraphs: [Refusal] {
    attributes.flatMap { attribute -> [Refusal] in
      guard case .graph(let message) = attribute.value else { return [] }
      return SubgraphWalk.nodes(in: message).filter { $0.isOfDefaultDomain && $0.opType != "If" && OperatorRule($0.opType) == nil }
        .map { .unsupportedOperator(at: Place($0)) }
    }
  }
}

/// Walks sub-graphs, as deep as any is entered.
private enum SubgraphWalk {
  static func nodes(in message: WireReader) -> [NodeProto] { graphs(in: message).flatMap(\.nodes) }

  static func names(in message: WireReader) -> [String] {
    graphs(in: message).flatMap { graph in graph.outputs.map(\.name) + graph.nodes.flatMap(\.inputs) }
  }

  private static func graphs(in message: WireReader) -> [GraphProto] {
    var graphs: [GraphProto] = []
    var level = [message]
    for _ in 0...GraphImport.maximumDepth {
      let entered = level.compactMap { try? GraphProto($0) }
      graphs += entered
      level = entered.flatMap(\.nodes).flatMap(\.attributes).compactMap { if case .graph(let inner) = $0.value { inner } else { nil } }
    }
    return graphs
  }
}

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
      return NameCollector.names(in: message)
    }
  }
}

/// Walks sub-graphs of any depth without recursion.
private enum NameCollector {
  static func names(in message: WireReader) -> [String] {
    var names: [String] = []
    var waiting = [message]
    while let message = waiting.popLast() {
      guard let graph = try? GraphProto(message) else { continue }
      names += graph.outputs.map(\.name)
      for node in graph.nodes {
        names += node.inputs
        for attribute in node.attributes {
          if case .graph(let inner) = attribute.value { waiting.append(inner) }
        }
      }
    }
    return names
  }
}

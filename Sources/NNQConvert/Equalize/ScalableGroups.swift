import NNQFloat

/// Values whose channels (axis 1) can be divided by any positive factors without changing what the net computes, because all
/// that gives and reads them makes up for it: weights along their channels, functions of each element by one table for each
/// channel. Values that operators add or move into each other have the same factors.
struct ScalableGroups {
  private var sets: UnionFind
  /// Values that keep the scale they have.
  private var fixed: Set<Int>

  init(_ net: LayerGraph) {
    sets = UnionFind(count: net.graph.values.count)
    fixed = Set(net.graph.inputs + net.graph.outputs)
    for layer in net.layers { add(layer, net.graph) }
  }

  /// Value indices of each group, ascending.
  func groups(of net: LayerGraph) -> [[Int]] {
    let values = net.layers.map(\.output)
    let fixedSets = Set(fixed.map { sets.find($0) })
    let scalable = Dictionary(grouping: values.filter { !fixedSets.contains(sets.find($0)) }) { sets.find($0) }
    return scalable.keys.sorted().map { (scalable[$0] ?? []).sorted() }
  }

  private mutating func add(_ layer: Layer, _ graph: FloatGraph) {
    let activations = layer.inputs.filter { graph.values[$0].constant == nil }
    if layer.clamp != -.infinity ... .infinity && layer.clamp != 0 ... .infinity { fixed.insert(layer.output) }
    if layer.weights != nil || layer.pointwise != nil {
      if !layer.hasChannelTables(graph) { fixed.formUnion(activations + [layer.output]) }
      if let residual = layer.residual { sets.unite(residual, layer.output) }
    } else if layer.keepsChannels(graph) {
      for value in activations { sets.unite(value, layer.output) }
      if activations.count < layer.inputs.count && !layer.operation.hasPlaces { fixed.insert(layer.output) }
    } else if case .binary(.mul) = layer.operation, let scaled = activations.first(where: { graph.hasShape($0, of: layer.output) }) {
      sets.unite(scaled, layer.output)
      fixed.formUnion(layer.inputs.filter { $0 != scaled })
    } else {
      fixed.formUnion(activations + [layer.output])
    }
  }
}

extension Layer {
  /// Whether weights or tables follow axis 1 of both operand and output.
  fileprivate func hasChannelTables(_ graph: FloatGraph) -> Bool {
    let rank = graph.values[output].shape.count
    switch operation {
    case .conv where pointwise == nil: return true
    case .dense where pointwise == nil: return rank == 2
    default: return pointwise != nil && rank >= 2 && (pointwise?.channelAxis ?? 1) == 1
    }
  }

  /// Whether each element of the output comes from elements of the same channel, in proportion to them.
  fileprivate func keepsChannels(_ graph: FloatGraph) -> Bool {
    let (input, result) = (graph.values[inputs[0]].shape, graph.values[output].shape)
    guard input.count >= 2, result.count >= 2, input[1] == result[1] else { return false }
    switch operation {
    case .maxPool, .averagePool, .globalAveragePool, .resize: return true
    case .binary(.add), .binary(.sub), .binary(.maximum), .binary(.minimum): return inputs.allSatisfy { graph.hasShape($0, of: output) }
    case .pad(let before, let after, let value): return before[1] == 0 && after[1] == 0 && (value == 0 || abs(value) >= 1e30)
    case .slice(_, let step): return step[1] == 1
    case .concat(let axis), .take(let axis): return axis != 1
    case .reduce(_, let axes): return !axes.contains(1)
    case .transpose(let permutation): return permutation[1] == 1
    case .reshape: return [input, result].allSatisfy { $0.dropFirst(2).allSatisfy { $0 == 1 } } && input[0] == result[0]
    default: return false
    }
  }
}

extension FloatOperation {
  /// Whether its constants say where elements come from, not what they are.
  fileprivate var hasPlaces: Bool {
    switch self {
    case .take, .resize: true
    default: false
    }
  }
}

extension FloatGraph {
  fileprivate func hasShape(_ value: Int, of other: Int) -> Bool { values[value].shape == values[other].shape }
}

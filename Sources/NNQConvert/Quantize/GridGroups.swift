import NNQFloat

/// Which values of a net share one grid, because operators only move them, and how many bits each group may hold.
struct GridGroups {
  private var sets: UnionFind

  init(_ net: LayerGraph) {
    sets = UnionFind(count: net.graph.values.count)
    for layer in net.layers where layer.movesValues {
      for input in layer.inputs where net.graph.values[input].constant == nil { sets.unite(input, layer.output) }
    }
  }

  /// The value that stands for the group of `value`.
  func group(of value: Int) -> Int { sets.find(value) }

  /// Every value that has a grid and is of the same group as one of these.
  func members(of values: Set<Int>, in net: LayerGraph) -> Set<Int> {
    let wanted = Set(values.map { group(of: $0) })
    return Set(net.gridValues.filter { wanted.contains(group(of: $0)) })
  }

  /// Groups that operators can give 16 bits.
  func writableAsWide(_ net: LayerGraph) -> Set<Int> {
    var groups = Set(net.layers.map { group(of: $0.output) })
    for input in net.graph.inputs { groups.remove(group(of: input)) }
    return groups.subtracting(narrowGroups(net))
  }

  /// Groups that can hold 16 bits if need be.
  ///
  /// - Parameter inputs: of the net, that may be among them.
  func bytewise(_ net: LayerGraph, inputs: [Int]) -> Set<Int> {
    let others = net.graph.inputs.filter { !inputs.contains($0) }.map { group(of: $0) }
    return Set(net.gridValues.map { group(of: $0) }).subtracting(narrowGroups(net)).subtracting(others)
  }

  private func narrowGroups(_ net: LayerGraph) -> [Int] {
    net.layers.filter { $0.elementWidths.output == .narrow }.map { group(of: $0.output) }
  }

  /// Groups that hold 16 bits without measurement: nothing but the net's user and operators that profit reads them.
  func freelyWide(_ net: LayerGraph) -> Set<Int> {
    var groups = writableAsWide(net)
    for read in net.reads where read.width != .wide { groups.remove(group(of: read.value)) }
    return groups
  }

  /// Other groups of which some operator can read 16 bits, in the order of their first value.
  func widthCandidates(_ net: LayerGraph) -> [Int] {
    let readable = Set(net.reads.filter { $0.width != .narrow }.map { group(of: $0.value) } + net.graph.outputs.map { group(of: $0) })
    return writableAsWide(net).intersection(readable).subtracting(freelyWide(net)).sorted()
  }
}

extension LayerGraph {
  /// One operand of a layer that computes with its values.
  struct Read {
    var layer: Int
    var value: Int
    var width: ElementWidth
  }

  /// Every activation that layers read which do not merely move values. Residuals hold 8 bits.
  var reads: [Read] {
    let all = layers.enumerated().filter { !$1.movesValues }.flatMap { index, layer in
      layer.inputs.enumerated().map { Read(layer: index, value: $1, width: layer.elementWidths.operand($0)) }
        + [layer.residual].compactMap(\.self).map { Read(layer: index, value: $0, width: .narrow) }
    }
    return all.filter { graph.values[$0.value].constant == nil }
  }
}

import NNQFloat

/// Several nodes that together are a function of one activation, element by element.
package struct Pointwise: Equatable, Sendable {
  /// In execution order, on values of the float graph; the last defines the layer's output.
  package var nodes: [FloatNode]
  /// The axis of the activation along which the nodes' constants differ; nil if there is one function for all elements.
  package var channelAxis: Int?
}

extension LayerGraph {
  /// Makes one layer of every group of elementwise layers that is a function of one activation, however it is spelled: a
  /// table computes it at the price of one, and rounds once.
  mutating func fusePointwise() {
    let uses = LayerUses(self)
    var isTaken = [Bool](repeating: false, count: layers.count)
    var fused: [Layer] = []
    for index in layers.indices.reversed() where !isTaken[index] {
      if let group = PointwiseGroup(endingWith: index, in: self, uses) {
        for member in group.members { isTaken[member] = true }
        fused.append(layer(of: group, endingWith: index))
      } else {
        fused.append(layers[index])
      }
    }
    layers = fused.reversed()
  }

  private func layer(of group: PointwiseGroup, endingWith last: Int) -> Layer {
    var layer = layers[last]
    let nodes = group.members.sorted().flatMap { layers[$0].elementwiseNodes(of: graph) }
    layer.pointwise = Pointwise(nodes: nodes, channelAxis: group.channelAxis)
    layer.inputs = [group.leaf]
    layer.clamp = -.infinity ... .infinity
    layer.accumulator = layer.output
    return layer
  }

  /// Nil for layers with weights and those that are not elementwise.
  fileprivate func elementwise(_ index: Int) -> ElementwiseNode? {
    guard layers[index].weights == nil, let node = layers[index].node else { return nil }
    return graph.elementwise(graph.nodes[node])
  }
}

extension Layer {
  /// The node, and the clamp that it has taken in.
  fileprivate func elementwiseNodes(of graph: FloatGraph) -> [FloatNode] {
    guard let node else { return [] }
    guard output != accumulator else { return [graph.nodes[node]] }
    let clip = FloatOperation.unary(.clip(lo: clamp.lowerBound, hi: clamp.upperBound))
    return [graph.nodes[node], FloatNode(name: name, clip, inputs: [accumulator], outputs: [output])]
  }
}

/// Elementwise layers that together are a function of one activation.
private struct PointwiseGroup {
  /// Layer indices.
  let members: Set<Int>
  let leaf: Int
  let channelAxis: Int?

  private init(members: Set<Int>, leaf: Int, channelAxis: Int?) {
    (self.members, self.leaf, self.channelAxis) = (members, leaf, channelAxis)
  }

  /// The largest group; nil if there is none.
  ///
  /// It grows from its last layer back: the latest value that it reads must come from an elementwise layer that only the group
  /// reads, which joins. It is a function of one activation wherever it reads one value.
  init?(endingWith last: Int, in net: LayerGraph, _ uses: LayerUses) {
    guard let node = net.elementwise(last) else { return nil }
    var (members, leaves, axis) = ([last] as Set, Set(node.activations), node.channelAxis)
    var largest: PointwiseGroup?
    while let latest = leaves.max(by: { uses.definer($0) < uses.definer($1) }) {
      if leaves.count == 1 { largest = PointwiseGroup(members: members, leaf: latest, channelAxis: axis) }
      let definer = uses.definer(latest)
      guard definer >= 0, uses.readers[latest].isSubset(of: members), let node = net.elementwise(definer),
        axis == nil || node.channelAxis == nil || axis == node.channelAxis
      else { break }
      members.insert(definer)
      leaves.remove(latest)
      leaves.formUnion(node.activations)
      axis = axis ?? node.channelAxis
    }
    guard let largest else { return nil }
    self = largest
  }
}

/// Which layers define and read each value.
private struct LayerUses {
  private var definers: [Int: Int] = [:]
  /// By value index; the net's user counts as a layer behind the last.
  private(set) var readers: [Set<Int>]

  init(_ net: LayerGraph) {
    readers = [Set<Int>](repeating: [], count: net.graph.values.count)
    for (index, layer) in net.layers.enumerated() {
      definers[layer.output] = index
      for value in layer.operands { readers[value].insert(index) }
    }
    for output in net.graph.outputs { readers[output].insert(net.layers.count) }
  }

  /// -1 for an input of the net.
  func definer(_ value: Int) -> Int { definers[value] ?? -1 }
}

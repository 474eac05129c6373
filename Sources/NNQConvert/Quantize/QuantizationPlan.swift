import NNQFloat
import NNQGraph

/// The grid of every activation of a net, fixed before any weight is rounded: ranges from calibration, one grid where
/// operators only move values, coarse enough where requantisation needs it.
struct QuantizationPlan {
  /// By value index; nil for values no layer gives.
  private(set) var grids: [ActivationGrid?]
  /// Values of one group share a grid: each value's representative.
  private var groups: UnionFind

  /// - Parameter ranges: by value index, of every input of the net and every layer's output.
  init(_ net: LayerGraph, ranges: [ClosedRange<Double>?], bits: (Layer) -> Int) {
    grids = [ActivationGrid?](repeating: nil, count: net.graph.values.count)
    groups = UnionFind(count: net.graph.values.count)
    for layer in net.layers where layer.movesValues {
      for input in layer.inputs { groups.unite(input, layer.output) }
    }
    let wide = wideGroups(of: net)
    let groupRanges = unitedRanges(of: net, ranges)
    for value in net.gridValues {
      let group = groups.find(value)
      let range = groupRanges[group] ?? 0...0
      grids[value] =
        wide.contains(group) ? ActivationGrid(s16: max(abs(range.lowerBound), abs(range.upperBound))) : ActivationGrid(u8: range)
    }
    let (probabilities, narrow) = (probabilityGroups(of: net), narrowGroups(of: net))
    for value in net.gridValues where probabilities.contains(groups.find(value)) {
      grids[value] = ActivationGrid(probabilitiesOf: narrow.contains(groups.find(value)) ? .u8 : .s16)
    }
    for (input, count) in zip(net.graph.inputs, net.graph.indexCounts) where count != nil { grids[input] = .integers }
    coarsen(net, bits: bits)
  }

  /// The grid of a value that has one.
  func grid(_ value: Int) -> ActivationGrid { grids[value] ?? ActivationGrid(u8: 0...0) }

  /// The hull of the ranges of a group's values that are computed, not only moved.
  private mutating func unitedRanges(of net: LayerGraph, _ ranges: [ClosedRange<Double>?]) -> [Int: ClosedRange<Double>] {
    var united: [Int: ClosedRange<Double>] = [:]
    let sources = net.graph.inputs + net.layers.filter { !$0.movesValues || $0.isExtremum }.map(\.output)
    for value in sources {
      let group = groups.find(value)
      let range = ranges[value] ?? 0...0
      let known = united[group] ?? range
      united[group] = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    }
    return united
  }

  /// Groups that hold s16: those that nothing but the net's user and operators that profit from 16 bits read.
  private mutating func wideGroups(of net: LayerGraph) -> Set<Int> {
    var wide = Set(net.layers.map { groups.find($0.output) })
    for input in net.graph.inputs { wide.remove(groups.find(input)) }
    for layer in net.layers {
      let widths = layer.elementWidths
      if widths.output == .narrow { wide.remove(groups.find(layer.output)) }
      for (index, value) in layer.inputs.enumerated() where !layer.movesValues && widths.operand(index) != .wide {
        wide.remove(groups.find(value))
      }
      if let residual = layer.residual { wide.remove(groups.find(residual)) }
    }
    return wide
  }

  /// Groups that an operator reads which takes 8 bits alone.
  private mutating func narrowGroups(of net: LayerGraph) -> Set<Int> {
    var narrow: Set<Int> = []
    for layer in net.layers {
      for (index, value) in layer.inputs.enumerated() where !layer.movesValues && layer.elementWidths.operand(index) == .narrow {
        narrow.insert(groups.find(value))
      }
      if let residual = layer.residual { narrow.insert(groups.find(residual)) }
    }
    return narrow
  }

  /// Groups that softmax gives, and that nothing else is moved into.
  private mutating func probabilityGroups(of net: LayerGraph) -> Set<Int> {
    var given: Set<Int> = []
    var others = Set(net.graph.inputs.map { groups.find($0) })
    for layer in net.layers where !layer.movesValues {
      let group = groups.find(layer.output)
      if case .softmax = layer.operation { given.insert(group) } else { others.insert(group) }
    }
    return given.subtracting(others)
  }

  /// Where a step of input times weight, or of a residual, is larger than a step of the output, the output's grid becomes
  /// coarser: multipliers are below 1. A coarser grid is the input of later layers, so this repeats until none changes; a
  /// net where it never ends (a group that must be coarser than itself) is left with saturated multipliers.
  private mutating func coarsen(_ net: LayerGraph, bits: (Layer) -> Int) {
    for _ in net.layers {
      var isChanged = false
      for layer in net.layers {
        let smallest = smallestOutputScale(of: layer, bits: bits(layer))
        guard smallest > grid(layer.output).scale else { continue }
        let coarser = grid(layer.output).coarsened(to: smallest)
        let group = groups.find(layer.output)
        for value in grids.indices where grids[value] != nil && groups.find(value) == group { grids[value] = coarser }
        isChanged = true
      }
      if !isChanged { return }
    }
  }
}

extension QuantizationPlan {
  /// The finest grid of the output for which the layer has legal multipliers; 0 for layers that do not care.
  private func smallestOutputScale(of layer: Layer, bits: Int) -> Double {
    if case .matMul(let scale) = layer.operation {
      return grid(layer.inputs[0]).productScale(with: grid(layer.inputs[1])) * Double(scale) * (32768.0 / 32766.0)
    }
    if case .binary(.mul) = layer.operation, layer.pointwise == nil, layer.inputs.allSatisfy({ grids[$0] != nil }) {
      return Multiply.smallestOutputScale(grid(layer.inputs[0]), grid(layer.inputs[1]))
    }
    guard let weights = layer.weights else { return 0 }
    let quantizer = WeightQuantizer(
      bits: bits, input: grid(layer.inputs[0]), output: grid(layer.output), hasResidual: layer.residual != nil)
    return max(quantizer.smallestOutputScale(for: weights), layer.residual.map { grid($0).scale } ?? 0)
  }
}

extension LayerGraph {
  /// Inputs of the net and outputs of layers.
  var gridValues: [Int] { graph.inputs + layers.map(\.output) }
}

extension Layer {
  /// Operators whose output has the grid of their inputs. Spec: operators.md 3.2, 3.6 to 3.12 and 3.14.
  var movesValues: Bool {
    guard pointwise == nil else { return false }
    return switch operation {
    case .maxPool, .reshape, .transpose, .pad, .slice, .concat, .reduce(.max, axes: _), .reduce(.min, axes: _), .binary(.maximum),
      .binary(.minimum):
      true
    default: false
    }
  }
}

extension Layer {
  /// Whether the output may hold what only one operand does.
  fileprivate var isExtremum: Bool {
    switch operation {
    case .binary(.maximum), .binary(.minimum): true
    default: false
    }
  }
}

/// Disjoint sets of indices.
struct UnionFind {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func find(_ index: Int) -> Int {
    var root = index
    while parents[root] != root { root = parents[root] }
    parents[index] = root
    return root
  }

  /// The smaller representative stays one.
  mutating func unite(_ a: Int, _ b: Int) {
    let (a, b) = (find(a), find(b))
    parents[max(a, b)] = min(a, b)
  }
}

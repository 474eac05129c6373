import NNQFloat
import NNQGraph

/// The grid of every activation of a net, fixed before any weight is rounded: ranges from calibration, one grid where
/// operators only move values, coarse enough where requantisation needs it.
struct QuantizationPlan {
  /// By value index; nil for values no layer gives.
  private(set) var grids: [ActivationGrid?]
  private let groups: GridGroups
  /// That several operators compute elements of.
  private let sharedGroups: Set<Int>

  /// - Parameters:
  ///   - ranges: by value index, of every input of the net and every layer's output; none for a change of grid.
  ///   - wide: values that hold 16 bits, and with them their groups; nil: where that costs nothing.
  init(_ net: LayerGraph, ranges: [ClosedRange<Double>?], wide: Set<Int>? = nil, bits: WeightBits) {
    let groups = GridGroups(net)
    self.groups = groups
    let wideGroups = wide.map { Set($0.map { groups.group(of: $0) }) } ?? groups.freelyWide(net)
    let groupRanges = groups.ranges(of: net, ranges)
    let probabilities = groups.probabilities(of: net)
    let accumulated = Set(net.layers.filter { $0.weights != nil }.map { groups.group(of: $0.output) })
    grids = [ActivationGrid?](repeating: nil, count: net.graph.values.count)
    for value in net.gridValues {
      let group = groups.group(of: value)
      let isWide = wideGroups.contains(group)
      let range = groupRanges[group] ?? 0...0
      grids[value] =
        probabilities.contains(group)
        ? ActivationGrid(probabilitiesOf: isWide ? .s16 : .u8)
        : isWide
          ? ActivationGrid(s16: max(abs(range.lowerBound), abs(range.upperBound)), isAccumulated: accumulated.contains(group))
          : ActivationGrid(u8: range)
    }
    for (input, count) in zip(net.graph.inputs, net.graph.indexCounts) where count != nil { grids[input] = .integers }
    sharedGroups = groups.shared(by: net)
    coarsen(net, bits: bits)
  }

  /// The grids that an integer model has already.
  init(_ net: LayerGraph, grids: [ActivationGrid?]) {
    self.grids = grids
    groups = GridGroups(net)
    sharedGroups = []
  }

  /// For the weights of a layer.
  func quantizer(of layer: Layer, bits: Int) -> WeightQuantizer {
    WeightQuantizer(bits: bits, input: grid(layer.inputs[0]), output: grid(layer.output), hasResidual: layer.residual != nil)
  }

  /// The grid of a value that has one.
  func grid(_ value: Int) -> ActivationGrid { grids[value] ?? ActivationGrid(u8: 0...0) }

  /// Where a step of input times weight, or of a residual, is larger than a step of the output, the output's grid becomes
  /// coarser: multipliers are below 1. A coarser grid is the input of later layers, so this repeats until none changes; a
  /// net where it never ends (a group that must be coarser than itself) is left with saturated multipliers.
  private mutating func coarsen(_ net: LayerGraph, bits: WeightBits) {
    for _ in net.layers {
      var isChanged = false
      for layer in net.layers {
        let smallest = smallestOutputScale(of: layer, bits: bits[layer])
        guard smallest > grid(layer.output).scale else { continue }
        let coarser = grid(layer.output).coarsened(to: smallest)
        let group = groups.group(of: layer.output)
        for value in grids.indices where grids[value] != nil && groups.group(of: value) == group { grids[value] = coarser }
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
      return MatMul.smallestOutputScale(grid(layer.inputs[0]), grid(layer.inputs[1]), scale: scale)
    }
    // A product alone on its grid loses nothing on a coarser one; others would (`Lowering.appendProduct`).
    if layer.isProduct, layer.inputs.allSatisfy({ grids[$0] != nil }), !sharedGroups.contains(groups.group(of: layer.output)) {
      return Multiply.smallestOutputScale(grid(layer.inputs[0]), grid(layer.inputs[1]))
    }
    guard let weights = layer.weights else { return 0 }
    return max(quantizer(of: layer, bits: bits).smallestOutputScale(for: weights), layer.residual.map { grid($0).scale } ?? 0)
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
    case .maxPool, .reshape, .transpose, .pad, .slice, .concat, .take, .resize, .reduce(.max, axes: _), .reduce(.min, axes: _),
      .binary(.maximum),
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

extension GridGroups {
  /// By group: the hull of the ranges of its values that are computed, not only moved.
  fileprivate func ranges(of net: LayerGraph, _ ranges: [ClosedRange<Double>?]) -> [Int: ClosedRange<Double>] {
    var united: [Int: ClosedRange<Double>] = [:]
    func unite(_ value: Int, _ range: ClosedRange<Double>) {
      let known = united[group(of: value)] ?? range
      united[group(of: value)] = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
    }
    for input in net.graph.inputs { unite(input, ranges[input] ?? 0...0) }
    for layer in net.layers where !layer.movesValues || layer.isExtremum {
      let source = layer.isRequantization ? layer.inputs[0] : layer.output
      unite(layer.output, ranges[source] ?? 0...0)
    }
    for case (.pad(_, _, let value), let output) in net.layers.map({ ($0.operation, $0.output) }) where abs(value) < 1e30 {
      // What a pad fills with counts, unless it stands for infinity, as it does before a maximum.
      unite(output, Double(min(value, 0))...Double(max(value, 0)))
    }
    return united
  }

  fileprivate func shared(by net: LayerGraph) -> Set<Int> {
    let computed = net.layers.filter { !$0.movesValues || $0.isExtremum }.map { group(of: $0.output) }
    return Set(Dictionary(grouping: computed) { $0 }.filter { $1.count > 1 }.keys)
  }

  /// Groups that softmax gives, and that nothing else is moved into.
  fileprivate func probabilities(of net: LayerGraph) -> Set<Int> {
    var given: Set<Int> = []
    var others = Set(net.graph.inputs.map { group(of: $0) })
    for layer in net.layers where !layer.movesValues {
      if case .softmax = layer.operation { given.insert(group(of: layer.output)) } else { others.insert(group(of: layer.output)) }
    }
    return given.subtracting(others)
  }
}

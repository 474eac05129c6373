import NNQFloat

/// A float graph cut into layers, in execution order. The graph keeps the shapes and names of the values.
package struct LayerGraph: Sendable {
  package var graph: FloatGraph
  package var layers: [Layer]

  /// Fuses residual additions and clamping activations into the convolution or dense layer before them, and functions of each
  /// element into one layer.
  package init(_ graph: FloatGraph) {
    self.graph = graph
    layers = []
    let uses = graph.useCounts
    for (index, node) in graph.nodes.enumerated() where !fuse(node, uses: uses) {
      layers.append(Layer(node, at: index, in: graph))
    }
    fusePointwise()
  }

  /// Layers that define and use each value, for passes that walk the net.
  package func lastUses() -> [Int: Int] {
    var last: [Int: Int] = [:]
    for (index, layer) in layers.enumerated() {
      for value in layer.inputs + (layer.residual.map { [$0] } ?? []) { last[value] = index }
    }
    for output in graph.outputs { last[output] = layers.count }
    return last
  }

  /// Whether nothing reads a value but such layers, as an operand: no other layer, none as its residual, and not the net's user.
  func isRead(_ value: Int, onlyBy isReader: (Layer) -> Bool) -> Bool {
    !graph.outputs.contains(value)
      && layers.allSatisfy { $0.residual != value && (isReader($0) || !$0.inputs.contains(value)) }
  }

  /// Takes `node` into an earlier layer; false if it must be a layer of its own.
  private mutating func fuse(_ node: FloatNode, uses: [Int]) -> Bool {
    switch node.operation {
    case .binary(.add): fuseResidual(node, uses: uses)
    case .unary(.relu): fuseClamp(0 ... .infinity, node, uses: uses)
    case .unary(.clip(let lo, let hi)) where lo <= hi: fuseClamp(lo...hi, node, uses: uses)
    default: false
    }
  }

  /// A second clamp narrows the first.
  private mutating func fuseClamp(_ range: ClosedRange<Float>, _ node: FloatNode, uses: [Int]) -> Bool {
    guard uses[node.inputs[0]] == 1, let index = layers.lastIndex(where: { $0.output == node.inputs[0] }),
      layers[index].takesClamp
    else { return false }
    let first = layers[index].clamp
    layers[index].clamp = first.lowerBound.clamped(to: range)...first.upperBound.clamped(to: range)
    layers[index].rename(to: node.outputs[0], in: graph)
    return true
  }

  /// The later of two operands that are convolutions used only here takes the other as its residual, and runs where the
  /// addition stood, when both are known.
  private mutating func fuseResidual(_ node: FloatNode, uses: [Int]) -> Bool {
    let (a, b) = (node.inputs[0], node.inputs[1])
    guard a != b, graph.values[a].shape == graph.values[b].shape, graph.values[a].constant == nil, graph.values[b].constant == nil,
      let index = layers.lastIndex(where: { [a, b].contains($0.output) && $0.takesResidual && uses[$0.output] == 1 })
    else { return false }
    var layer = layers.remove(at: index)
    layer.residual = layer.output == a ? b : a
    layer.rename(to: node.outputs[0], in: graph)
    layers.append(layer)
    return true
  }
}

extension Layer {
  fileprivate init(_ node: FloatNode, at index: Int, in graph: FloatGraph) {
    let output = node.outputs[0]
    let constants = node.inputs.dropFirst().map { graph.values[$0] }
    let isAccumulating =
      switch node.operation {
      case .conv, .dense: constants.allSatisfy { $0.constant != nil }
      default: false
      }
    let weights = isAccumulating ? LayerWeights(constants) : nil
    self.init(
      name: graph.values[output].name, operation: node.operation, node: index, inputs: weights == nil ? node.inputs : [node.inputs[0]],
      weights: weights, accumulator: output, output: output)
  }

  fileprivate mutating func rename(to value: Int, in graph: FloatGraph) {
    output = value
    name = graph.values[value].name
  }

  fileprivate var takesResidual: Bool { weights != nil && residual == nil && clamp == -.infinity ... .infinity }

  fileprivate var takesClamp: Bool {
    let isArithmetic =
      switch operation {
      case .binary(.add), .binary(.sub), .binary(.mul): true
      default: false
      }
    return weights != nil || isArithmetic
  }
}

extension Float {
  fileprivate func clamped(to range: ClosedRange<Float>) -> Float { min(max(self, range.lowerBound), range.upperBound) }
}

extension LayerWeights {
  fileprivate init(_ constants: [FloatValue]) {
    values = constants[0].constant ?? []
    shape = constants[0].shape
    bias = constants.count > 1 ? constants[1].constant ?? [] : [Float](repeating: 0, count: constants[0].shape[0])
  }
}

extension FloatGraph {
  /// How often each value is used by nodes and as an output.
  fileprivate var useCounts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for value in nodes.flatMap(\.inputs) + outputs { counts[value] += 1 }
    return counts
  }
}

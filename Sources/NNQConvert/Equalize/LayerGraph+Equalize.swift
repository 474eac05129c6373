import NNQFloat

extension LayerGraph {
  /// The net whose values are divided by factors for each channel, and which gives the same outputs: weights and biases are
  /// scaled along their channels, functions of each element get a product before and behind, which their tables take in.
  ///
  /// - Parameter factors: by value index, positive, of values that `ScalableGroups` holds.
  func dividing(by factors: [Int: [Double]]) -> LayerGraph {
    var graph = graph
    var inserted: [Int: [FloatNode]] = [:]
    for layer in layers {
      let (input, output) = (factors[layer.inputs[0]], factors[layer.output])
      guard input != nil || output != nil, let node = layer.node else { continue }
      if layer.weights != nil {
        graph.scale(layer, at: node, input: input, output: output)
      } else if let pointwise = layer.pointwise {
        let members = pointwise.nodes.compactMap { graph.producer(of: $0.outputs[0]) }
        if let input { graph.multiply(layer.inputs[0], by: input, before: members, &inserted) }
        if let output, let last = members.last { graph.divide(layer.output, by: output, behind: last, &inserted) }
      }
    }
    graph.nodes = graph.nodes.enumerated().flatMap { [$1] + (inserted[$0] ?? []) }
    graph.removeDeadNodes()
    graph.makeConstantNamesUnique()
    return LayerGraph(graph)
  }
}

extension FloatGraph {
  /// Weights by input factors over output factors, bias over output factors.
  fileprivate mutating func scale(_ layer: Layer, at node: Int, input: [Double]?, output: [Double]?) {
    guard let weights = layer.weights else { return }
    let taps = weights.depth / weights.shape[1]
    var elements = weights.values
    var bias = weights.bias
    for channel in 0..<weights.channelCount {
      let divisor = output?[channel] ?? 1
      for (position, source) in layer.inputChannels(of: channel).enumerated() {
        let factor = (input?[source] ?? 1) / divisor
        for tap in 0..<taps {
          let index = channel * weights.depth + position * taps + tap
          elements[index] = Float(Double(elements[index]) * factor)
        }
      }
      bias[channel] = Float(Double(bias[channel]) / divisor)
    }
    let operands = nodes[node].inputs
    let name = values[operands[1]].name
    nodes[node].inputs = [
      operands[0], adopt(FloatValue(name: name, shape: weights.shape, constant: elements)),
      adopt(FloatValue(name: name + ".bias", shape: [weights.channelCount], constant: bias)),
    ]
  }

  /// Lets the nodes of one layer read `value` times `factors`.
  fileprivate mutating func multiply(_ value: Int, by factors: [Double], before members: [Int], _ inserted: inout [Int: [FloatNode]]) {
    guard let first = members.min() else { return }
    let product = adopt(FloatValue(name: freshName(values[value].name + ".unscaled"), shape: values[value].shape))
    for member in members { nodes[member].inputs = nodes[member].inputs.map { $0 == value ? product : $0 } }
    let node = scaling(value, by: factors, into: product)
    inserted[first - 1, default: []].append(node)
  }

  /// Lets a node give `value` divided by `factors`.
  fileprivate mutating func divide(_ value: Int, by factors: [Double], behind node: Int, _ inserted: inout [Int: [FloatNode]]) {
    let quotient = adopt(FloatValue(name: freshName(values[value].name + ".unscaled"), shape: values[value].shape))
    nodes[node].outputs = [quotient]
    inserted[node, default: []].insert(scaling(quotient, by: factors.map { 1 / $0 }, into: value), at: 0)
  }

  private mutating func scaling(_ source: Int, by factors: [Double], into product: Int) -> FloatNode {
    let shape = [factors.count] + [Int](repeating: 1, count: values[source].shape.count - 2)
    let constant = adopt(FloatValue(name: freshName(values[product].name + ".scale"), shape: shape, constant: factors.map { Float($0) }))
    return FloatNode(name: values[product].name + ".scaling", .binary(.mul), inputs: [source, constant], outputs: [product])
  }
}

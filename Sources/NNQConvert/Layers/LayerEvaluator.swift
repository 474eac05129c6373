import NNQFloat

/// Computes single layers of a net in float, with the same bits on every CPU.
struct LayerEvaluator: Sendable {
  private let graph: FloatGraph
  private let executor: FloatExecutor

  /// The elements of an activation, by value index.
  typealias Elements = (_ value: Int) -> [Float]?

  /// - Parameter executor: gives the kernels; its graph does not matter.
  init(_ net: LayerGraph, _ executor: FloatExecutor) {
    graph = net.graph
    self.executor = executor
  }

  /// The layer's output with its own weights and bias.
  func output(of layer: Layer, _ elements: Elements) -> [Float] {
    finish(layer, accumulate(layer, weights: layer.weights?.values, elements), bias: layer.weights?.bias ?? [], elements)
  }

  /// What the layer's operation gives, without bias.
  ///
  /// - Parameter weights: of a convolution or dense layer.
  func accumulate(_ layer: Layer, weights: [Float]?, _ elements: Elements) -> [Float] {
    if let pointwise = layer.pointwise { return evaluate(pointwise, elements) }
    var operands = layer.inputs.map { operand($0, elements) }
    if let weights, let shape = layer.weights?.shape { operands.append(FloatTensor(shape: shape, elements: weights)) }
    return executor.evaluate(layer.operation, operands, outputShape: graph.values[layer.accumulator].shape)
  }

  private func operand(_ value: Int, _ elements: Elements) -> FloatTensor {
    FloatTensor(shape: graph.values[value].shape, elements: elements(value) ?? graph.values[value].constant ?? [])
  }

  private func evaluate(_ pointwise: Pointwise, _ elements: Elements) -> [Float] {
    var known: [Int: [Float]] = [:]
    var result: [Float] = []
    for node in pointwise.nodes {
      let operands = node.inputs.map { operand($0) { known[$0] ?? elements($0) } }
      let output = node.outputs[0]
      result = executor.evaluate(node.operation, operands, outputShape: graph.values[output].shape)
      known[output] = result
    }
    return result
  }

  /// Adds bias and residual to an accumulator and clamps.
  func finish(_ layer: Layer, _ accumulator: [Float], bias: [Float], _ elements: Elements) -> [Float] {
    var result = sum(layer, accumulator, bias: bias, elements)
    layer.applyClamp(&result)
    return result
  }

  /// Adds bias and residual to an accumulator.
  func sum(_ layer: Layer, _ accumulator: [Float], bias: [Float], _ elements: Elements) -> [Float] {
    var result = accumulator
    if !bias.isEmpty { layer.add(bias, to: &result) }
    if let residual = layer.residual.flatMap(elements) {
      for element in result.indices { result[element] += residual[element] }
    }
    return result
  }
}

extension Layer {
  fileprivate func add(_ bias: [Float], to elements: inout [Float]) {
    let extent = hasChannelsFirst ? elements.count / bias.count : 1
    for element in elements.indices { elements[element] += bias[element / extent % bias.count] }
  }

  fileprivate func applyClamp(_ elements: inout [Float]) {
    guard clamp != -.infinity ... .infinity else { return }
    for element in elements.indices { elements[element] = min(max(elements[element], clamp.lowerBound), clamp.upperBound) }
  }
}

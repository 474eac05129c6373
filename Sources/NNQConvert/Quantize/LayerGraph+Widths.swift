import NNQFloat

/// Where 16 bits meet operators of 8.
extension LayerGraph {
  /// The net in which every change of width is a layer of its own: a wide value that an operator reads as 8 bits is first put
  /// on another grid, and a wide residual is added by an addition, not by the convolution or dense layer before it; so
  /// is any residual of one that reads 16 bits.
  ///
  /// - Parameters:
  ///   - wide: values that hold 16 bits; what additions read is added.
  ///   - bytewise: those that convolutions and dense layers read as such.
  func separatingWidths(_ wide: inout Set<Int>, bytewise: Set<Int> = []) -> LayerGraph {
    var net = self
    for index in layers.indices where layers[index].weights != nil {
      net.layers[index].readsBytes = bytewise.contains(layers[index].inputs[0])
    }
    net.layers = net.layers.flatMap { $0.separatingWideResidual(&wide) }
    var narrowed: [Int: Int] = [:]
    var layers: [Layer] = []
    for var layer in net.layers {
      layer.replaceNarrowOperands { value in
        guard wide.contains(value) else { return value }
        if let known = narrowed[value] { return known }
        let change = net.appendIdentity(of: value)
        layers.append(change)
        narrowed[value] = change.output
        return change.output
      }
      layers.append(layer)
    }
    net.layers = layers
    return net
  }

  /// Of a wide value on a grid of 8 bits.
  func narrowName(of value: Int) -> String { graph.values[value].name + ".u8" }

  private mutating func appendIdentity(of value: Int) -> Layer {
    let name = graph.freshName(narrowName(of: value))
    graph.values.append(FloatValue(name: name, shape: graph.values[value].shape))
    let output = graph.values.count - 1
    return Layer(name: name, operation: .identity, inputs: [value], accumulator: output, output: output)
  }
}

extension Layer {
  fileprivate func separatingWideResidual(_ wide: inout Set<Int>) -> [Layer] {
    guard let residual, readsBytes || wide.contains(residual) && wide.contains(output) else { return [self] }
    wide.insert(accumulator)
    var product = self
    product.residual = nil
    product.clamp = -.infinity ... .infinity
    product.output = accumulator
    let sum = Layer(
      name: name + ".sum", operation: .binary(.add), inputs: [accumulator, residual], clamp: clamp, accumulator: output, output: output)
    return [product, sum]
  }

  fileprivate mutating func replaceNarrowOperands(_ replacement: (Int) -> Int) {
    guard !movesValues else { return }
    for index in inputs.indices where !readsBytes && elementWidths.operand(index) == .narrow { inputs[index] = replacement(inputs[index]) }
    residual = residual.map(replacement)
  }
}

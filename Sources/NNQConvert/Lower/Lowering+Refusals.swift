import NNQFloat

extension Converter {
  /// Everything of a net that integer graphs cannot express, in its order; empty for one that can be converted, as far as that
  /// does not depend on its numbers.
  public static func refusals(of source: FloatGraph) -> [ConvertError] {
    var graph = source
    _ = graph.simplify()
    return LayerGraph(graph).refusals
  }
}

extension LayerGraph {
  /// What lowering refuses.
  var refusals: [ConvertError] { rankRefusals + trialLowering.refusals }

  /// By layer index, of the layers that have weights and are not refused: the places among the weights of an output channel, in
  /// the order of memory.
  var columnOrders: [Int: [Int]] {
    let orders = trialLowering.lowering.weightOrders
    return layers.indices.reduce(into: [:]) { result, index in
      guard let weights = layers[index].weights, let order = orders[layers[index].output] else { return }
      result[index] = Array(order.prefix(weights.depth))
    }
  }

  /// By arbitrary grids and weights: neither changes what an operator can express, nor where elements lie.
  private var trialLowering: (lowering: Lowering, refusals: [ConvertError]) {
    let ranges = graph.values.map { _ in ClosedRange<Double>?(-1...1) }
    let plan = QuantizationPlan(self, ranges: ranges, bits: WeightBits())
    var weights: [Int: RoundedWeights] = [:]
    for (index, layer) in layers.enumerated() { weights[index] = layer.weights.map(RoundedWeights.init(zerosLike:)) }
    var lowering = Lowering(self, plan: plan, weights: weights)
    let refusals = lowering.refusals()
    return (lowering, refusals)
  }
}

extension Lowering {
  /// Lowers layer by layer, going on behind one that is refused as if it had been possible.
  fileprivate mutating func refusals() -> [ConvertError] {
    var errors: [ConvertError] = []
    func note(_ body: () throws(ConvertError) -> Void) {
      do throws(ConvertError) { try body() } catch { errors.append(error) }
    }
    for input in net.graph.inputs { _ = placeInput(input) }
    for (index, layer) in net.layers.enumerated() {
      note { () throws(ConvertError) in try lower(layer, weights: weights[index]) }
      if placements[layer.output] == nil { place(layer.output, axes: Placement.identity(rank: shape(layer.output).count)) }
    }
    for output in net.graph.outputs { note { () throws(ConvertError) in _ = try outputPort(output) } }
    return errors
  }
}

extension RoundedWeights {
  fileprivate init(zerosLike weights: LayerWeights) {
    let count = weights.channelCount
    shape = weights.shape
    quantized = QuantizedWeights(
      levels: [Int8](repeating: 0, count: weights.values.count),
      grids: [WeightGrid](repeating: WeightGrid(scale: 1, multiplier: 256, shift: 0, bits: 8), count: count), bits: 8)
    bias = [Float](repeating: 0, count: count)
  }
}

import NNQFloat
import NNQFormat
import NNQGraph

/// Where an integer model holds what the layers of the float net give that it was made from.
///
/// Names say which tensor is which value. The order of elements in memory follows from the net and the tensors' types, so the
/// net is lowered again, with the model's grids and without weights.
struct ModelAlignment: Sendable {
  /// The net as it was given.
  let source: LayerGraph
  /// The net, with a layer for every change of width that the model has.
  let net: LayerGraph
  let plan: QuantizationPlan
  /// By layer index; nil for layers that only move values.
  private(set) var places: [Place?] = []
  /// By layer index, of layers with weights.
  private(set) var weights: [Int: StoredWeights] = [:]

  struct Place: Sendable {
    /// The tensor's name in the model.
    var name: String
    /// For each element in the tensor's memory its index in the float value.
    var order: [Int]
  }

  /// - Throws: `ConvertError.badModel` for a model that was not made from the net.
  init(_ source: LayerGraph, _ model: Graph) throws(ConvertError) {
    self.source = source
    let tensors = ModelTensors(model)
    try tensors.requirePorts(of: source.graph)
    let grids = tensors.grids(of: source)
    var wide = Set(grids.indices.filter { grids[$0]?.elementType == .s16 })
    net = source.separatingWidths(&wide, bytewise: tensors.bytewise(of: wide, in: source))
    plan = QuantizationPlan(net, grids: tensors.grids(of: net))
    let zeros = net.layers.indices.compactMap { index in net.layers[index].weights.map { (index, RoundedWeights(zerosLike: $0)) } }
    var lowering = Lowering(net, plan: plan, weights: Dictionary(uniqueKeysWithValues: zeros))
    _ = try lowering.run()
    for (index, layer) in net.layers.enumerated() {
      guard let placement = lowering.placements[layer.output], !layer.movesValues else {
        places.append(nil)
        continue
      }
      let wanted = lowering.tensors[placement.tensor]
      let tensor = try tensors.index(of: wanted, for: layer)
      places.append(Place(name: wanted.name, order: placement.order.indices))
      guard let weights = layer.weights, let order = lowering.weightOrders[layer.output] else { continue }
      self.weights[index] = try tensors.weights(definingTensor: tensor, layer, weights, order: order)
    }
  }
}

extension RoundedWeights {
  /// Enough to lower a layer when only the order of its elements is asked for.
  fileprivate init(zerosLike weights: LayerWeights) {
    let grid = WeightGrid(scale: 1, multiplier: 256, shift: 1, bits: 8)
    self.init(
      shape: weights.shape,
      quantized: QuantizedWeights(
        levels: [Int8](repeating: 0, count: weights.values.count),
        grids: [WeightGrid](repeating: grid, count: weights.channelCount), bits: 8),
      bias: [Float](repeating: 0, count: weights.channelCount))
  }
}

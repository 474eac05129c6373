/// How many weights go and which layers may lose them.
///
/// Depthwise, grouped and first layers are kept dense, as they lose the most, unless they hold many of the weights: then all
/// others would have to lose too much for them.
struct PruningGoal {
  /// By layer index, how many weights go from layers whose share is given.
  let planned: [Int: Int]
  /// The others that may lose weights, by index.
  let layers: [Int]
  /// Weights of each of `layers`.
  let weightCounts: [Int]
  /// Of all these layers together.
  let removeCount: Int

  /// Share of the net's weights that delicate layers are kept dense up to. They hold 22 % of KWS: that loses 4.8 points at 50 %
  /// with them dense, 2.6 without.
  private static let largestDelicateShare = 0.1

  /// - Parameters:
  ///   - sparsity: share of ALL weights of the net that goes, 0...0.99, unless the given shares are more.
  ///   - isMeasured: whether the layers' shares follow from what they cost, which shows what delicate layers can lose.
  ///   - share: given for a layer, by its name: of its own weights, whatever its kind.
  ///   - isExcluded: layers to leave alone, by name.
  /// - Throws: `ConvertError.badOption` when the prunable layers hold no more weights than are to be removed.
  init(
    _ net: LayerGraph, sparsity: Double, isMeasured: Bool = false, share: (String) -> Double? = { _ in nil },
    isExcluded: (String) -> Bool
  ) throws(ConvertError) {
    let planned = net.layers.indices.reduce(into: [Int: Int]()) { planned, index in
      guard let count = net.layers[index].weights?.values.count, let share = share(net.layers[index].name) else { return }
      planned[index] = Int((share * Double(count)).rounded())
    }
    self.planned = planned
    let total = net.weightCount
    let delicate = net.delicateLayers
    let keepsDelicate = !isMeasured || Double(net.weightCount(of: delicate)) <= Self.largestDelicateShare * Double(total)
    layers = net.layers.indices.filter { index in
      planned[index] == nil && net.layers[index].weights != nil && !(keepsDelicate && delicate.contains(index))
        && !isExcluded(net.layers[index].name)
    }
    weightCounts = layers.map { net.layers[$0].weights?.values.count ?? 0 }
    let available = weightCounts.reduce(0, +)
    removeCount = max(0, Int((sparsity * Double(total)).rounded()) - planned.values.reduce(0, +))
    guard removeCount == 0 || removeCount < available else {
      throw ConvertError(
        .badOption, at: "--prune \(sparsity)", "\(removeCount) of \(total) weights are to go, the prunable layers hold \(available)",
        remedy: "prune less than \(Double(available) / Double(max(total, 1)))")
    }
  }
}

extension LayerGraph {
  /// Of all layers.
  var weightCount: Int { weightCount(of: layers.indices) }

  /// Of some layers together.
  fileprivate func weightCount(of indices: some Sequence<Int>) -> Int { indices.reduce(0) { $0 + (layers[$1].weights?.values.count ?? 0) } }
}

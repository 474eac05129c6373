import NNQFloat

/// How many bits the weights of each layer have.
struct WeightBits: Equatable, Sendable {
  /// By the name of the layer.
  private(set) var bits: [String: Int] = [:]

  /// A delicate layer that holds more of the net's weights is one like others: to keep it at 8 bits costs what the rest saves.
  private static let largestDelicateShare = 0.2

  /// 8 for each.
  init() {}

  init(_ net: LayerGraph, _ options: ConvertOptions) {
    let delicate = net.delicateLayers
    let total = net.layers.reduce(0) { $0 + ($1.weights?.values.count ?? 0) }
    for (index, layer) in net.layers.enumerated() {
      guard let weights = layer.weights else { continue }
      let isSmall = Double(weights.values.count) <= Self.largestDelicateShare * Double(total)
      let common = delicate.contains(index) ? options.delicateBits ?? (isSmall ? 8 : options.bits) : options.bits
      bits[layer.name] = options.bits(ofLayer: layer.name, otherwise: common)
    }
  }

  subscript(layer: Layer) -> Int {
    get { bits[layer.name] ?? 8 }
    set { bits[layer.name] = newValue }
  }
}

import NNQFloat

/// How many bits the weights of each layer have.
struct WeightBits: Equatable, Sendable {
  /// By the name of the layer.
  private(set) var bits: [String: Int] = [:]

  /// A delicate layer that holds more of the net's weights is one like others: to keep it at 8 bits costs what the rest saves.
  private static let largestDelicateShare = 0.2

  /// 8 for each.
  init() {}

  /// 8 where bits are chosen later.
  init(_ net: LayerGraph, _ options: ConvertOptions) {
    let asked = options.choosesBits ? 8 : options.bits
    let delicate = net.delicateLayers
    for (index, layer) in net.layers.enumerated() {
      guard let weights = layer.weights else { continue }
      let isSmall = Double(weights.values.count) <= Self.largestDelicateShare * Double(net.weightCount)
      let common = delicate.contains(index) ? options.delicateBits ?? (isSmall ? 8 : asked) : asked
      bits[layer.name] = options.bits(ofLayer: layer.name, otherwise: common)
    }
  }

  subscript(layer: Layer) -> Int { bits[layer.name] ?? 8 }

  mutating func set(_ count: Int, ofLayer name: String) { bits[name] = count }
}

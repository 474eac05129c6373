import NNQFloat

/// Finds the factors by which the converter divided channels of a net's values (`ChannelScales`): a model holds the quotients
/// alone, so they follow from what the net and the model give on the same samples.
struct RecoveredScales {
  private let net: LayerGraph
  /// By value index, for each channel.
  private var products: [Int: [Products]] = [:]

  /// Enough: each channel has many elements.
  static let sampleCount = 16

  /// Sums over the elements of a channel, of the net (f) and of the model (m).
  private struct Products {
    var ff = 0.0
    var fm = 0.0
    var mm = 0.0

    /// The choice of `ChannelScales` that is nearest to the quotient.
    var factor: Double { mm > 0 ? min(max(fm / mm, ChannelScales.smallestFactor), 1).rounded(bits: ChannelScales.factorBits) : 1 }

    func noise(_ factor: Double) -> Double { ff - 2 * factor * fm + factor * factor * mm }
  }

  init(_ net: LayerGraph) { self.net = net }

  /// Adds what a layer gives on one sample.
  ///
  /// - Parameters:
  ///   - found: elements of the model's tensor, in memory order.
  ///   - order: for each of them its index in `exact`.
  mutating func add(_ layer: Layer, exact: [Float], found: [Float], order: [Int]) {
    let shape = net.graph.values[layer.output].shape
    guard shape.count >= 2 else { return }
    let extent = shape[2...].reduce(1, *)
    var sums = products[layer.output] ?? [Products](repeating: Products(), count: shape[1])
    for (element, index) in zip(found, order) {
      let (f, m, channel) = (Double(exact[index]), Double(element), index / extent % shape[1])
      sums[channel].ff += f * f
      sums[channel].fm += f * m
      sums[channel].mm += m * m
    }
    products[layer.output] = sums
  }

  /// By value index; of groups of values whose difference from the net they explain, most of it at least.
  func factors() -> [Int: [Double]] {
    var factors: [Int: [Double]] = [:]
    for group in ScalableGroups(net).groups(of: net) {
      let known = group.compactMap { products[$0] }
      guard let channelCount = known.first?.count else { continue }
      let sums = (0..<channelCount).map { channel in
        known.reduce(into: Products()) { sum, products in
          sum.ff += products[channel].ff
          sum.fm += products[channel].fm
          sum.mm += products[channel].mm
        }
      }
      let found = sums.map(\.factor)
      let explained = zip(sums, found).reduce(0) { $0 + $1.0.noise($1.1) }
      guard explained < sums.reduce(0, { $0 + $1.noise(1) }) / 2 else { continue }
      for value in group { factors[value] = found }
    }
    return factors
  }
}

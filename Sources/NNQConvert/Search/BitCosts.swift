/// What fewer bits for one layer's weights do to the net's output, measured on samples.
struct BitCosts: Equatable, Sendable {
  /// Descending; the first is what the layer has at least.
  static let choices = [8, 6, 5, 4, 3, 2]

  let layer: String
  /// Those that are stored.
  let weightCount: Int
  /// Error of the net's output for each of `choices`; made to ascend.
  let errors: [Double]

  init(layer: String, weightCount: Int, errors: [Double]) {
    (self.layer, self.weightCount) = (layer, weightCount)
    self.errors = errors.reduce(into: []) { $0.append(max($1, $0.last ?? 0)) }
  }

  func byteCount(_ choice: Int) -> Double { Double(weightCount * Self.choices[choice]) / 8 }
}

extension [BitCosts] {
  /// Ever fewer bits, from 8 for all of these layers to the least: each step takes bits from the layer that loses least for
  /// the bytes that go. Errors of different layers add up.
  func path(from start: WeightBits) -> [WeightBits] {
    var path = [start]
    var chosen = map { _ in 0 }
    while let next = cheapestStep(chosen) {
      chosen[next.layer] = next.choice
      var bits = path[path.count - 1]
      bits.set(BitCosts.choices[next.choice], ofLayer: self[next.layer].layer)
      path.append(bits)
    }
    return path
  }

  private func cheapestStep(_ chosen: [Int]) -> (layer: Int, choice: Int)? {
    var best: (layer: Int, choice: Int, price: Double)?
    for (layer, costs) in enumerated() {
      for choice in chosen[layer] + 1..<BitCosts.choices.count {
        let price =
          (costs.errors[choice] - costs.errors[chosen[layer]])
          / Swift.max(costs.byteCount(chosen[layer]) - costs.byteCount(choice), 1e-3)
        if price < best?.price ?? .infinity { best = (layer, choice, price) }
      }
    }
    return best.map { ($0.layer, $0.choice) }
  }
}

import NNQFloat

/// What removing different shares of one layer's weights does to the net's output, measured on samples.
struct PruningCosts: Sendable {
  static let shares = [0.25, 0.5, 0.7, 0.85, 0.95]

  /// Weights of the layer.
  let weightCount: Int
  /// Least share that can be removed.
  private let leastShare: Double
  /// Those of `shares` that can be removed, and the error of the net's output for each; made to ascend.
  private let shares: [Double]
  private let errors: [Double]

  /// - Parameter errors: of the net's output for each of `shares`.
  init(weightCount: Int, errors: [Double], leastShare: Double = 0) {
    self.weightCount = weightCount
    self.leastShare = leastShare
    shares = Self.shares.filter { $0 >= leastShare }
    self.errors = errors.suffix(shares.count).reduce(into: []) { $0.append(max($1, $0.last ?? 0, 1e-30)) }
  }

  /// Between measured shares the logarithm of the error is linear in that of the share, and beyond them; with a slope of at
  /// least one, so that the first weights cost no more than their share.
  func error(at share: Double) -> Double {
    guard share > 0 else { return 0 }
    let share = max(share, leastShare)
    let upper = min(max(shares.firstIndex { $0 >= share } ?? errors.count - 1, 1), errors.count - 1)
    let (x0, x1) = (DeterministicMath.log(shares[upper - 1]), DeterministicMath.log(shares[upper]))
    let (y0, y1) = (DeterministicMath.log(errors[upper - 1]), DeterministicMath.log(errors[upper]))
    let slope = max((y1 - y0) / (x1 - x0), 1)
    return DeterministicMath.exp(y0 + slope * (DeterministicMath.log(share) - x0))
  }
}

extension [PruningCosts] {
  private static let largestShare = 0.97
  private static let stepCount = 200

  /// How many weights each layer loses so that `removeCount` go and the sum of errors is least: every layer gives up weights
  /// until the next ones cost more than a price, which is found by bisection.
  func removals(_ removeCount: Int) -> [Int] {
    let curves = map { costs in (0...Self.stepCount).map { costs.error(at: Self.largestShare * Double($0) / Double(Self.stepCount)) } }
    // Exponents of prices at which nothing goes, and all that may.
    var (low, high) = (-100.0, 40.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if counts(curves, price: DeterministicMath.exp(middle)).reduce(0, +) <= removeCount { low = middle } else { high = middle }
    }
    var result = counts(curves, price: DeterministicMath.exp(low))
    fill(&result, to: removeCount, limits: counts(curves, price: DeterministicMath.exp(high)))
    fill(&result, to: removeCount, limits: map(\.weightCount))
    return result
  }

  /// For each layer the count at which its error plus the price of the weights it keeps is least.
  private func counts(_ curves: [[Double]], price: Double) -> [Int] {
    zip(self, curves).map { costs, curve in
      let unit = Self.largestShare / Double(Self.stepCount) * Double(costs.weightCount)
      let best = curve.indices.min { curve[$0] - price * unit * Double($0) < curve[$1] - price * unit * Double($1) } ?? 0
      return Int(unit * Double(best))
    }
  }

  /// Hands what is missing to the first layers that take it.
  private func fill(_ counts: inout [Int], to total: Int, limits: [Int]) {
    var rest = total - counts.reduce(0, +)
    for index in counts.indices where rest > 0 {
      let more = Swift.min(rest, Swift.max(limits[index] - counts[index], 0))
      counts[index] += more
      rest -= more
    }
  }
}

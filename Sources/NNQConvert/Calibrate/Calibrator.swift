/// How the range of an activation is chosen from its histogram.
public enum Calibrator: String, Sendable, CaseIterable {
  /// The smallest and largest value seen.
  case minmax
  /// The range that leaves out 0.01 % at either end.
  case percentile
  /// The range with the smallest mean squared error of quantisation to 8 bits, clipping included.
  case mse
  /// The range whose 256 levels keep most of the distribution: least Kullback-Leibler divergence.
  case entropy
}

extension Calibrator {
  /// A range that holds zero, as affine quantisation needs.
  ///
  /// Its ends are rounded outward to 8 significant bits: two exports of one net, whose weights differ in their last bits, then
  /// get the same grids, and so nearly the same integers.
  func range(of histogram: Histogram) -> ClosedRange<Double> {
    guard histogram.minimum <= histogram.maximum else { return 0...0 }
    let range = exactRange(of: histogram)
    return -roundedUp(-range.lowerBound)...roundedUp(range.upperBound)
  }

  /// A number that is not negative, rounded up to 8 significant bits.
  private func roundedUp(_ magnitude: Double) -> Double {
    guard magnitude > 0 else { return 0 }
    let unit = Double(sign: .plus, exponent: magnitude.exponent - 7, significand: 1)
    return (magnitude / unit).rounded(.up) * unit
  }

  private func exactRange(of histogram: Histogram) -> ClosedRange<Double> {
    let full = min(Double(histogram.minimum), 0)...max(Double(histogram.maximum), 0)
    return switch self {
    case .minmax: full
    case .percentile: histogram.percentiles(0.0001, 0.9999).clamped(to: full)
    case .mse: histogram.leastErrorRange(within: full)
    case .entropy: histogram.leastDivergenceRange(within: full)
    }
  }
}

extension Histogram {
  /// The values below which the shares `low` and `high` of all samples lie, to the outer edge of a bin, zero included.
  fileprivate func percentiles(_ low: Double, _ high: Double) -> ClosedRange<Double> {
    let total = Double(totalCount)
    let lowBin = firstBin(withCumulative: low * total)
    let highBin = firstBin(withCumulative: high * total)
    return min(center(of: lowBin) - binWidth / 2, 0)...max(center(of: highBin) + binWidth / 2, 0)
  }

  private func firstBin(withCumulative target: Double) -> Int {
    var sum = 0.0
    for bin in counts.indices {
      sum += Double(counts[bin])
      if sum > target { return bin }
    }
    return counts.count - 1
  }

  /// Tries shares of the full range in both directions, from all of it to 30 %.
  fileprivate func leastErrorRange(within full: ClosedRange<Double>) -> ClosedRange<Double> {
    var best = full
    var bestError = Double.infinity
    let occupied = counts.indices.filter { counts[$0] > 0 }
    for step in 0...28 {
      let share = 1 - 0.025 * Double(step)
      let candidate = full.lowerBound * share...full.upperBound * share
      let error = quantizationError(candidate, occupied)
      if error < bestError { (best, bestError) = (candidate, error) }
    }
    return best
  }

  /// Sum of squared errors of an 8-bit grid over `range`: step^2 / 12 inside, the distance to the end outside.
  private func quantizationError(_ range: ClosedRange<Double>, _ occupied: [Int]) -> Double {
    let step = (range.upperBound - range.lowerBound) / 255
    let rounding = step * step / 12
    return occupied.reduce(0) { sum, bin in
      let value = center(of: bin)
      let excess = max(range.lowerBound - value, value - range.upperBound, 0)
      return sum + Double(counts[bin]) * (rounding + excess * excess)
    }
  }
}

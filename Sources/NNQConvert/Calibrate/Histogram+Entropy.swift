import NNQFloat

/// Entropy calibration: the range whose 256 levels tell most about the distribution (Migacz 2017, "8-bit inference with
/// TensorRT").
extension Histogram {
  /// Tries shares of the full range in both directions, from all of it to 30 %.
  func leastDivergenceRange(within full: ClosedRange<Double>) -> ClosedRange<Double> {
    var best = (range: full, divergence: Double.infinity)
    for step in 0...28 {
      let share = 1 - 0.025 * Double(step)
      let range = full.lowerBound * share...full.upperBound * share
      let divergence = divergence(range)
      if divergence < best.divergence { best = (range, divergence) }
    }
    return best.range
  }

  /// Kullback-Leibler divergence, in nats, of the distribution that the range's levels can express from the one that clipping
  /// leaves. What clipping moves to the ends counts in the latter alone. The bin of zero, which every grid has exactly, is left
  /// out.
  private func divergence(_ range: ClosedRange<Double>) -> Double {
    let zero = Self.binCount / 2
    let step = max(range.upperBound - range.lowerBound, .leastNormalMagnitude) / 255
    let (first, last) = (bin(of: range.lowerBound), bin(of: range.upperBound))
    var (clipped, levels) = ([Double](repeating: 0, count: Self.binCount), [Level](repeating: Level(), count: 257))
    func level(of bin: Int) -> Int { Int((center(of: bin) - range.lowerBound) / step + 0.5, clampedTo: 0...256) }
    for bin in counts.indices where counts[bin] > 0 && bin != zero {
      let place = min(max(bin, first), last)
      clipped[place] += Double(counts[bin])
      if place == bin { levels[level(of: bin)].mass += Double(counts[bin]) }
    }
    for bin in first...last where clipped[bin] > 0 { levels[level(of: bin)].binCount += 1 }
    let (total, kept) = (clipped.reduce(0, +), levels.reduce(0) { $0 + $1.mass })
    guard total > 0, kept > 0 else { return .infinity }
    return (first...last).reduce(0) { sum, bin in
      guard clipped[bin] > 0 else { return sum }
      let level = levels[level(of: bin)]
      let (p, q) = (clipped[bin] / total, level.mass / Double(level.binCount) / kept)
      return sum + p * DeterministicMath.log(p / max(q, Self.leastProbability))
    }
  }

  /// What nothing but clipped values fall on.
  private static let leastProbability = 1e-9

  private struct Level {
    var mass = 0.0
    /// Bins that are not empty.
    var binCount = 0
  }

  private func bin(of value: Double) -> Int { Int((value + radius) / binWidth, clampedTo: 0...Self.binCount - 1) }
}

import NNQFloat

/// A streaming histogram of one value of the net: fixed memory, exact counts, and the same result in whatever order
/// samples are merged.
///
/// Bins cover -radius...radius, radius a power of two that doubles (pairs of bins merge) when a sample lies beyond it.
package struct Histogram: Sendable {
  static let binCount = 8192
  private(set) var counts = [UInt64](repeating: 0, count: binCount)
  /// log2 of the radius.
  private var exponent = -30
  private(set) var minimum: Float = .infinity
  private(set) var maximum: Float = -.infinity

  package init() {}

  var radius: Double { Double(sign: .plus, exponent: exponent, significand: 1) }
  var binWidth: Double { 2 * radius / Double(Self.binCount) }
  var totalCount: UInt64 { counts.reduce(0, +) }

  /// The middle of a bin.
  func center(of bin: Int) -> Double { (Double(bin) + 0.5) * binWidth - radius }

  /// Counts every value; those that are not finite are left out.
  package mutating func add(_ values: UnsafeBufferPointer<Float>) {
    var (low, high) = (Float.infinity, -Float.infinity)
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return }
    minimum = min(minimum, low)
    maximum = max(maximum, high)
    grow(toHold: max(abs(low), abs(high)))
    let scale = Float(1 / binWidth)
    let offset = Float(Self.binCount / 2)
    counts.withUnsafeMutableBufferPointer { counts in
      for value in values where value.isFinite {
        // Safe: |value| < radius, so the bin lies in 0..<binCount; the upper end can round up to it.
        counts[min(Int(value * scale + offset), Self.binCount - 1)] &+= 1
      }
    }
  }

  package mutating func merge(_ other: Histogram) {
    guard other.minimum <= other.maximum else { return }
    var other = other
    grow(toHold: max(abs(other.minimum), abs(other.maximum)))
    other.grow(toHold: max(abs(minimum), abs(maximum)))
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    for bin in counts.indices { counts[bin] += other.counts[bin] }
  }

  /// Doubles the radius as often as it takes; the bins that become one lie on one side of zero.
  private mutating func grow(toHold magnitude: Float) {
    guard magnitude.isFinite, Double(magnitude) >= radius else { return }
    let doublings = Int(magnitude.exponent) + 1 - exponent
    let middle = Self.binCount / 2
    var merged = [UInt64](repeating: 0, count: Self.binCount)
    for bin in counts.indices where counts[bin] > 0 { merged[middle + (bin - middle) >> doublings] += counts[bin] }
    counts = merged
    exponent += doublings
  }
}

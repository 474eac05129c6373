import NNQFloat

/// Chooses the factors of a group of values so that the noise which rounding to 8 bits adds is least.
///
/// One grid holds all channels of a tensor, so the noise of a small channel is as large as that of the largest. Dividing
/// channels by their magnitudes gives each all steps, but the weights that read them then differ as much: between the two
/// lies a power of the magnitudes. The noise of each choice follows from the grids. Nagel et al. 2019, arXiv 1906.04721,
/// section 4.1; Xiao et al. 2023, arXiv 2211.10438, for the power.
struct ChannelScales {
  let net: LayerGraph
  let statistics: ChannelStatistics
  /// A channel may become so many times as large as the samples showed before its grid ends, or as large as any.
  let headroom: Double
  /// By value index, the layers that read it.
  private let readers: [Int: [Layer]]

  /// Factors within 1/64 of the largest: a channel that no sample has moved may yet move.
  static let smallestFactor = 0x1p-6
  /// Significant bits of a factor: exports of one net whose weights differ in their last bits get the same ones.
  static let factorBits = 4
  static let powers = [0.25, 0.5, 0.75, 1]
  /// What the noise must fall by.
  static let worthwhileGain = 1.5

  init(_ net: LayerGraph, _ statistics: ChannelStatistics, headroom: Double) {
    (self.net, self.statistics, self.headroom) = (net, statistics, headroom)
    var readers: [Int: [Layer]] = [:]
    for layer in net.layers {
      for value in Set(layer.operands) { readers[value, default: []].append(layer) }
    }
    self.readers = readers
  }

  /// The factors of the channels of the groups' values, where they are worth it: by value index.
  func factors(of groups: [[Int]]) -> [Int: [Double]] {
    var factors: [Int: [Double]] = [:]
    for group in groups {
      guard let found = self.factors(of: group) else { continue }
      for value in group { factors[value] = found }
    }
    return factors
  }

  /// The factors of the channels of a group's values; nil if none is worth it.
  func factors(of group: [Int]) -> [Double]? {
    let channels = group.compactMap { statistics.channels[$0] }
    guard channels.count == group.count, let count = channels.first?.count, count > 1 else { return nil }
    let magnitudes = (0..<count).map { channel in channels.reduce(0) { max($0, $1[channel].magnitude) } }
    guard let largest = magnitudes.max(), largest > 0, largest.isFinite else { return nil }
    let unscaled = noise(of: group, [Double](repeating: 1, count: count))
    let choices = Self.powers.map { power in
      magnitudes.map { magnitude in
        let share = min(headroom * magnitude / largest, 1)
        return max(DeterministicMath.pow(share, power), Self.smallestFactor).rounded(bits: Self.factorBits)
      }
    }
    let noises = choices.map { noise(of: group, $0) }
    guard let best = noises.indices.min(by: { noises[$0] < noises[$1] }), noises[best] * Self.worthwhileGain < unscaled else { return nil }
    return choices[best]
  }

  private func noise(of group: [Int], _ factors: [Double]) -> Double {
    group.reduce(0) { $0 + noise(of: $1, factors) }
  }

  /// Power of the noise in what reads a value, relative to it, from rounding the value and the weights that read it.
  private func noise(of value: Int, _ factors: [Double]) -> Double {
    guard let channels = statistics.channels[value] else { return 0 }
    let low = zip(channels, factors).reduce(0) { min($0, $1.0.low / $1.1) }
    let high = zip(channels, factors).reduce(0) { max($0, $1.0.high / $1.1) }
    let step = (high - low) / 255
    let scaled = zip(channels, factors).map { $0.meanSquare / ($1 * $1) }
    return (readers[value] ?? []).reduce(0) { sum, reader in
      guard let outputs = statistics.channels[reader.output] else { return sum }
      if reader.weights != nil && reader.residual != value {
        return sum + reader.noise(step: step, factors: factors, meanSquares: scaled, outputs.importances)
      }
      return sum + zip(factors, outputs.importances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } * step * step / 12
    }
  }
}

extension [ChannelStatistics.Channel] {
  /// What a unit of noise in each channel counts: relative to the channel's power, or a hundredth of the mean where it has less.
  fileprivate var importances: [Double] {
    let mean = reduce(0) { $0 + $1.meanSquare } / Double(Swift.max(count, 1))
    return map { 1 / Swift.max($0.meanSquare + 0.01 * mean, .leastNormalMagnitude) / Double(count) }
  }
}

extension Layer {
  /// Input channel of the first of the weights that an output channel has, and how many there are for each.
  func inputChannels(of outputChannel: Int) -> Range<Int> {
    guard let shape = weights?.shape else { return 0..<0 }
    var groups = 1
    if case .conv(let conv) = operation { groups = conv.groups }
    let first = outputChannel / max(shape[0] / groups, 1) * shape[1]
    return first..<first + shape[1]
  }

  /// Of a layer with weights: noise of a rounded operand and of weights rounded to 8 bits for each output channel.
  fileprivate func noise(step: Double, factors: [Double], meanSquares: [Double], _ importances: [Double]) -> Double {
    guard let weights else { return 0 }
    let taps = weights.depth / weights.shape[1]
    var sum = 0.0
    for channel in 0..<weights.channelCount {
      var (operand, largest, signal) = (0.0, 0.0, 0.0)
      for (position, input) in inputChannels(of: channel).enumerated() {
        for tap in 0..<taps {
          let weight = Double(weights.values[channel * weights.depth + position * taps + tap]) * factors[input]
          operand += weight * weight
          largest = max(largest, abs(weight))
        }
        signal += meanSquares[input] * Double(taps)
      }
      let weightStep = largest / 127
      sum += (operand * step * step + signal * weightStep * weightStep) / 12 * importances[channel]
    }
    return sum
  }
}

extension Double {
  /// To so many significant bits.
  func rounded(bits: Int) -> Double {
    let unit = Double(sign: .plus, exponent: exponent - bits + 1, significand: 1)
    return (self / unit).rounded(.toNearestOrEven) * unit
  }
}

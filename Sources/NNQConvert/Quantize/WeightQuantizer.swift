/// Weights of one layer on their integer grid, with the requantisation that belongs to it. Spec: operators.md 2.3, 6.
struct QuantizedWeights: Equatable {
  /// K, then the layer's own order; -127...127.
  var levels: [Int8]
  /// Real value of one level, for each output channel.
  var scales: [Double]
  var multipliers: [Int]
  var shifts: [Int]
  var bits: Int

  /// The real weights that the levels stand for.
  var values: [Float] {
    let depth = levels.count / scales.count
    return levels.indices.map { Float(Double(levels[$0]) * scales[$0 / depth]) }
  }
}

/// Chooses, for each output channel, a weight scale whose requantisation multiplier is exact, and rounds weights to it.
struct WeightQuantizer {
  let bits: Int
  let input: ActivationGrid
  let output: ActivationGrid
  let hasResidual: Bool

  /// The largest level: 127 for 8 bits, 7 for 4, 1 for 2 and 1.
  var largestLevel: Int { bits == 1 ? 1 : (1 << (bits - 1)) - 1 }

  func quantize(_ weights: LayerWeights) -> QuantizedWeights {
    let depth = weights.depth
    var result = QuantizedWeights(levels: [], scales: [], multipliers: [], shifts: [], bits: bits)
    result.levels.reserveCapacity(weights.values.count)
    for channel in 0..<weights.channelCount {
      let row = weights.values[channel * depth..<(channel + 1) * depth]
      let coarse = coarsestHarmlessScale(keptCount: row.count { $0 != 0 }, removedEnergy: weights.removedEnergy[channel])
      let wanted = max(preferredScale(of: row), coarse, smallestScale(forBias: weights.bias[channel]))
      let (scale, multiplier, shift) = exactScale(atLeast: wanted)
      result.levels += row.map { level(of: $0, scale: scale) }
      result.scales.append(scale)
      result.multipliers.append(multiplier)
      result.shifts.append(shift)
    }
    return result
  }

  /// A single bit has no zero, so the sign decides; a pruned weight is no level, it is left out of the file.
  private func level(of weight: Float, scale: Double) -> Int8 {
    if bits == 1 { return weight < 0 ? -1 : weight > 0 ? 1 : 0 }
    let limit = Double(largestLevel)
    return Int8(min(max((Double(weight) / scale).rounded(.toNearestOrEven), -limit), limit))
  }

  /// The scale that reaches the largest weight; below 8 bits the one of a few smaller ones with the least squared error.
  private func preferredScale(of row: ArraySlice<Float>) -> Double {
    if bits == 1 { return row.reduce(0) { $0 + Double(abs($1)) } / Double(max(row.count, 1)) }
    let full = Double(row.reduce(0) { max($0, abs($1)) }) / Double(largestLevel)
    guard bits < 8, full > 0 else { return full }
    let candidates = (0...20).map { full * (1 - 0.03 * Double($0)) }
    return candidates.min { squaredError(row, scale: $0) < squaredError(row, scale: $1) } ?? full
  }

  private func squaredError(_ row: ArraySlice<Float>, scale: Double) -> Double {
    row.reduce(0) { sum, weight in
      let error = Double(weight) - Double(level(of: weight, scale: scale)) * scale
      return sum + error * error
    }
  }

  /// A step of which the rounding errors (step^2 / 12 for each kept weight) have a hundredth of the energy that pruning took
  /// from the channel: finer steps cost bytes and change nothing. 0 for a channel that lost nothing.
  private func coarsestHarmlessScale(keptCount: Int, removedEnergy: Float) -> Double {
    (0.12 * Double(removedEnergy) / Double(max(keptCount, 1))).squareRoot()
  }

  /// Keeps |bias| below 2^29 steps of the accumulator.
  private func smallestScale(forBias bias: Float) -> Double { abs(Double(bias)) / (input.scale * 0x1p29) }

  /// Rounds a scale up to one whose factor M = scale_x * scale_w / scale_y is m * 2^-(15+s) exactly.
  private func exactScale(atLeast scale: Double) -> (scale: Double, multiplier: Int, shift: Int) {
    let smallest = smallestMultiplier
    let factor = max(scale, 0x1p-1000) * input.scale / output.scale
    var shift = 22
    while shift > 0, factor * Double(1 << (15 + shift)) > Double(2 * smallest - 1) { shift -= 1 }
    let multiplier = Int((factor * Double(1 << (15 + shift))).rounded(.up), clampedTo: smallest...32767)
    return (Double(multiplier) / Double(1 << (15 + shift)) * output.scale / input.scale, multiplier, shift)
  }

  /// u8: 256, or 512 where a residual may bring the sum back into range. s16 uses the full width of the multiplier.
  private var smallestMultiplier: Int {
    if output.elementType == .s16 { return 16384 }
    return hasResidual ? 512 : 256
  }

  /// Outputs at least this coarse have a legal multiplier: M stays below 1.
  func smallestOutputScale(for weights: LayerWeights) -> Double {
    let largest = weights.values.reduce(0) { max($0, abs($1)) }
    return Double(largest) / Double(largestLevel) * input.scale * (32768.0 / 32766.0)
  }
}

/// Weights of one layer on their integer grid, with the requantisation that belongs to it. Spec: operators.md 2.3, 6.
struct QuantizedWeights: Equatable {
  /// K, then the layer's own order; -127...127.
  var levels: [Int8]
  /// For each output channel.
  var grids: [WeightGrid]
  var bits: Int

  var scales: [Double] { grids.map(\.scale) }
  var multipliers: [Int] { grids.map(\.multiplier) }
  var shifts: [Int] { grids.map(\.shift) }

  /// The real weights that the levels stand for.
  var values: [Float] {
    let depth = levels.count / grids.count
    return levels.indices.map { Float(Double(levels[$0]) * grids[$0 / depth].scale) }
  }
}

/// The grid of the weights of one output channel, and the requantisation that follows from it.
struct WeightGrid: Equatable, Sendable {
  /// Real value of one level.
  var scale: Double
  var multiplier: Int
  var shift: Int
  var bits: Int

  /// The largest level: 127 for 8 bits, 7 for 4, 1 for 2 and 1.
  var largestLevel: Int { Self.largestLevel(bits: bits) }

  /// The largest shift s of 0...22 for which a factor is m * 2^-(15 + s) with m not above `largestMultiplier`; 0 if none is.
  /// Spec: operators.md 2.3.
  static func largestShift(factor: Double, largestMultiplier: Int) -> Int {
    var shift = 22
    while shift > 0, factor * Double(1 << (15 + shift)) > Double(largestMultiplier) { shift -= 1 }
    return shift
  }

  static func largestLevel(bits: Int) -> Int { bits == 1 ? 1 : (1 << (bits - 1)) - 1 }

  /// The nearest level. A single bit has no zero, so the sign decides; a pruned weight is no level, it is left out of the file.
  func level(of weight: Float) -> Int8 { Self.level(of: weight, scale: scale, bits: bits) }

  func round(_ weight: Float) -> Float { Float(Double(level(of: weight)) * scale) }

  static func level(of weight: Float, scale: Double, bits: Int) -> Int8 {
    if bits == 1 { return weight < 0 ? -1 : weight > 0 ? 1 : 0 }
    // Sums that overflow, which are refused afterwards, give weights that are no numbers.
    guard weight.isFinite, scale.isFinite else { return 0 }
    let limit = Double(largestLevel(bits: bits))
    return Int8(min(max((Double(weight) / scale).rounded(.toNearestOrEven), -limit), limit))
  }
}

/// Chooses, for each output channel, a weight scale whose requantisation multiplier is exact.
struct WeightQuantizer {
  let bits: Int
  let input: ActivationGrid
  let output: ActivationGrid
  let hasResidual: Bool

  var largestLevel: Int { WeightGrid.largestLevel(bits: bits) }

  /// - Parameters:
  ///   - row: the weights of one output channel.
  ///   - coarsest: a scale that is coarse enough; finer ones cost bytes and change nothing.
  func grid(for row: ArraySlice<Float>, bias: Float, coarsest: Double = 0) -> WeightGrid {
    exactGrid(atLeast: max(preferredScale(of: row), coarsest, smallestScale(forBias: bias)))
  }

  /// The scale that reaches the largest weight; below 8 bits the one of a few smaller ones with the least squared error.
  private func preferredScale(of row: ArraySlice<Float>) -> Double {
    let kept = row.filter { $0 != 0 }
    if bits == 1 { return kept.reduce(0) { $0 + Double(abs($1)) } / Double(max(kept.count, 1)) }
    let full = Double(row.reduce(0) { max($0, abs($1)) }) / Double(largestLevel)
    guard bits < 8, full > 0 else { return full }
    let candidates = (0...20).map { full * (1 - 0.03 * Double($0)) }
    return candidates.min { squaredError(kept, scale: $0) < squaredError(kept, scale: $1) } ?? full
  }

  private func squaredError(_ row: [Float], scale: Double) -> Double {
    row.reduce(0) { sum, weight in
      let error = Double(weight) - Double(WeightGrid.level(of: weight, scale: scale, bits: bits)) * scale
      return sum + error * error
    }
  }

  /// Keeps |bias| below 2^29 steps of the accumulator.
  private func smallestScale(forBias bias: Float) -> Double { abs(Double(bias)) / (input.scale * 0x1p29) }

  /// Rounds a scale up to one whose factor M = scale_x * scale_w / scale_y is m * 2^-(15+s) exactly.
  private func exactGrid(atLeast scale: Double) -> WeightGrid {
    let smallest = smallestMultiplier
    let factor = max(scale, 0x1p-1000) * input.scale / output.scale
    let shift = WeightGrid.largestShift(factor: factor, largestMultiplier: 2 * smallest - 1)
    let multiplier = Int((factor * Double(1 << (15 + shift))).rounded(.up), clampedTo: smallest...32767)
    let exact = Double(multiplier) / Double(1 << (15 + shift)) * output.scale / input.scale
    return WeightGrid(scale: exact, multiplier: multiplier, shift: shift, bits: bits)
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

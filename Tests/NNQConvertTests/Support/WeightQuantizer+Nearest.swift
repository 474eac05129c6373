@testable import NNQConvert

extension WeightQuantizer {
  /// Each weight on the nearest level.
  func quantize(_ weights: LayerWeights, coarsest: Double = 0) -> QuantizedWeights {
    let rows = (0..<weights.channelCount).map { weights.values[$0 * weights.depth..<($0 + 1) * weights.depth] }
    let grids = zip(rows, weights.bias).map { grid(for: $0, bias: $1, coarsest: coarsest) }
    let levels = weights.values.indices.map { grids[$0 / weights.depth].level(of: weights.values[$0]) }
    return QuantizedWeights(levels: levels, grids: grids, bits: bits)
  }
}

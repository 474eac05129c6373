import NNQFloat

/// Weights of one layer that are swept together: the output channels of one group by inputs that are taken as correlated.
struct WeightPiece: Equatable, Sendable {
  /// Output channels.
  let rows: Range<Int>
  /// Places among the weights of an output channel.
  let columns: Range<Int>

  var weightCount: Int { rows.count * columns.count }

  /// Inputs of one piece at most: the time to factor their covariance grows with the third power, 20 s for so many.
  static let depthLimit = 4608

  /// Places of one output channel's weights among those of the layer.
  func range(ofRow row: Int, depth: Int) -> Range<Int> { row * depth + columns.lowerBound..<row * depth + columns.upperBound }

  static func list(channelCount: Int, groupCount: Int, depth: Int, depthLimit: Int = depthLimit) -> [WeightPiece] {
    let blockCount = max((depth + depthLimit - 1) / depthLimit, 1)
    return (0..<groupCount * blockCount).map { index in
      let (group, block) = (index / blockCount, index % blockCount)
      return WeightPiece(
        rows: group * channelCount / groupCount..<(group + 1) * channelCount / groupCount,
        columns: block * depth / blockCount..<(block + 1) * depth / blockCount)
    }
  }
}

extension LayerWeights {
  /// K x D of the piece.
  subscript(piece: WeightPiece) -> FloatMatrix {
    get {
      let elements = piece.rows.flatMap { values[piece.range(ofRow: $0, depth: depth)] }
      return FloatMatrix(rows: piece.rows.count, columns: piece.columns.count, elements: elements)
    }
    set {
      for (index, row) in piece.rows.enumerated() {
        values.replaceSubrange(piece.range(ofRow: row, depth: depth), with: newValue.row(index))
      }
    }
  }
}

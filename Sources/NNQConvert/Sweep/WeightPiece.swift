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

  /// - Parameter cuts: columns before which the weights may be cut, ascending, both ends among them.
  static func list(channelCount: Int, groupCount: Int, cuts: [Int], depthLimit: Int = depthLimit) -> [WeightPiece] {
    let columns = blocks(cuts, depthLimit)
    return (0..<groupCount).flatMap { group in
      columns.map { WeightPiece(rows: group * channelCount / groupCount..<(group + 1) * channelCount / groupCount, columns: $0) }
    }
  }

  private static func blocks(_ cuts: [Int], _ depthLimit: Int) -> [Range<Int>] {
    let depth = cuts.last ?? 0
    let blockCount = max((depth + depthLimit - 1) / depthLimit, 1)
    let ends = (1...blockCount).map { block in cuts.last { $0 <= block * depth / blockCount } ?? depth }
    return zip([0] + ends, ends).filter { $0 < $1 || depth == 0 }.map { $0..<$1 }
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

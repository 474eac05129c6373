/// What pruning takes from one layer.
enum Removal: Equatable, Sendable {
  /// So many weights, chosen as the sweep reaches the layer.
  case count(Int)
  /// The weights that are marked false.
  case others(than: [Bool])

  var isEmpty: Bool {
    switch self {
    case .count(let count): count == 0
    case .others(than: let isKept): isKept.allSatisfy(\.self)
    }
  }

  /// What it takes from each piece of the weights; counts in proportion to their sizes.
  func parts(_ pieces: [WeightPiece], in weights: LayerWeights) -> [Removal] {
    switch self {
    case .count(let count): count.shares(inProportionTo: pieces.map(\.weightCount)).map { .count($0) }
    case .others(than: let isKept):
      pieces.map { piece in .others(than: piece.rows.flatMap { isKept[piece.range(ofRow: $0, depth: weights.depth)] }) }
    }
  }
}

extension Int {
  /// Parts of self in proportion to `sizes`, which add up exactly.
  func shares(inProportionTo sizes: [Int]) -> [Int] {
    let total = sizes.reduce(0, +)
    var (sizeBefore, before) = (0, 0)
    return sizes.map { size in
      sizeBefore += size
      let part = self * sizeBefore / Swift.max(total, 1)
      defer { before = part }
      return part - before
    }
  }
}

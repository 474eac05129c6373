import NNQFloat

/// What the weights of one group of output channels minimise: (w - target) H (w - target)^T for each row w, where H is the
/// covariance of the inputs.
///
/// Columns stand in descending order of the inputs' variances, those of a group side by side, so that a sweep settles the heavy
/// ones while many others are left to make up for them.
struct LayerObjective: Sendable {
  /// For each column the input it stands for.
  let order: [Int]
  /// For each input its column.
  let columns: [Int]
  /// Of columns, in their order.
  let groups: WeightGroups
  /// H, D x D: shrunk towards a multiple of the identity by as much as few samples warrant.
  let hessian: FloatMatrix
  /// Upper triangular U with H^-1 = U^T U, D x D.
  let inverseFactor: FloatMatrix
  /// H less what shrinking added.
  private let covariance: FloatMatrix
  private let count: Double
  /// K x D.
  var target: FloatMatrix

  var depth: Int { order.count }

  /// The least share of the identity: it keeps what single precision can do with H well posed.
  private static let leastShrinkage = 0.01
  private static let largestShrinkage = 0.9

  /// - Parameters:
  ///   - moments: of D inputs.
  ///   - target: K x D, in the order of the inputs.
  ///   - groups: of inputs.
  init(_ moments: InputMoments, target: FloatMatrix, groups: WeightGroups, threads: Int) {
    let variances = groups.columns.map { group in group.reduce(0) { $0 + moments.products[$1, $1] } }
    let sorted = variances.indices.sorted { (variances[$0], $1) > (variances[$1], $0) }.map { groups.columns[$0] }
    order = sorted.flatMap(\.self)
    var columns = order
    for (column, input) in order.enumerated() { columns[input] = column }
    self.columns = columns
    self.groups = WeightGroups(groups.pattern, columns: sorted.map { group in group.map { columns[$0] } })
    count = max(moments.count, 1)
    var matrix = SquareMatrix(size: moments.depth)
    for (row, input) in order.enumerated() {
      for (column, other) in order.enumerated() { matrix[row, column] = moments.products[input, other] / count }
    }
    covariance = matrix.single
    let share = min(max(moments.shrinkage, Self.leastShrinkage), Self.largestShrinkage)
    let damping = max(share / (1 - share) * matrix.trace / Double(moments.depth), 1e-30)
    for index in 0..<moments.depth { matrix[index, index] += damping }
    hessian = matrix.single
    inverseFactor = matrix.inverseFactor(threads: threads).single
    self.target = target.columns(order)
  }

  /// Moves the target from the float net's weights to those that explain `moments` best, as far as there is evidence:
  /// W + (C - W covariance) H^-1 with C the covariance of targets and inputs.
  mutating func fit(_ moments: TargetMoments, weights: FloatMatrix) {
    let own = weights.columns(order)
    let cross = FloatMatrix(rows: own.rows, columns: depth, elements: moments.products.map { Float($0 / count) }).columns(order)
    let unexplained = cross.adding(own.times(covariance), times: -1)
    target = own.adding(unexplained.times(inverseFactor.transposed).times(inverseFactor))
  }

  /// Of H^-1 = U^T U.
  var inverseDiagonal: [Double] {
    (0..<depth).map { column in
      (0...column).reduce(0) { sum, row in
        let element = Double(inverseFactor.elements[row * depth + column])
        return sum + element * element
      }
    }
  }

  /// target H target^T of each row.
  var variances: [Double] {
    errors(of: FloatMatrix(rows: target.rows, columns: depth, elements: [Float](repeating: 0, count: target.elements.count)))
  }

  /// (w - target) H (w - target)^T of each row.
  func errors(of weights: FloatMatrix) -> [Double] {
    let difference = weights.adding(target, times: -1)
    let product = difference.times(hessian)
    return (0..<weights.rows).map { row in
      zip(difference.row(row), product.row(row)).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    }
  }
}

extension LayerObjective {
  /// For each row the step of a grid whose rounding errors add such a share to the error that is there already: finer ones
  /// cost bytes and change little. A rounding error of step^2 / 12 in column j costs 1 / U_jj^2 of it.
  func steps(addingShare share: Double, to weights: FloatMatrix) -> [Double] {
    let costs = (0..<depth).map {
      1 / (Double(inverseFactor.elements[$0 * (depth + 1)]) * Double(inverseFactor.elements[$0 * (depth + 1)]))
    }
    return zip(0..<weights.rows, errors(of: weights)).map { row, error in
      let sum = zip(weights.row(row), costs).reduce(0) { $1.0 != 0 ? $0 + $1.1 : $0 }
      return sum > 0 ? (12 * share * max(error, 0) / sum).squareRoot() : 0
    }
  }
}

extension SquareMatrix {
  /// In single precision.
  fileprivate var single: FloatMatrix { FloatMatrix(rows: size, columns: size, elements: elements.map { Float($0) }) }
}

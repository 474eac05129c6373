import NNQFloat

/// Rows of weights on their way to the minimum of a `LayerObjective`: a pass visits every coordinate of every row once and
/// puts it where the others, as they are, want it.
struct CoordinateDescent: Sendable {
  let objective: LayerObjective
  let threads: Int
  /// K x D, in the objective's order of columns.
  private(set) var weights: FloatMatrix
  /// (weights - target) H
  private var gradient: FloatMatrix

  init(_ objective: LayerObjective, from weights: FloatMatrix, threads: Int) {
    self.objective = objective
    self.threads = threads
    self.weights = weights
    gradient = weights.adding(objective.target, times: -1).times(objective.hessian)
  }

  /// For each weight what it costs to set it to zero instead of to its best value, the others as they are: H_jj best^2.
  func saliencies() -> [Float] {
    let depth = objective.depth
    return weights.elements.indices.map { index in
      let curvature = objective.hessian.elements[index % depth * (depth + 1)]
      let best = weights.elements[index] - gradient.elements[index] / curvature
      return curvature * best * best
    }
  }

  /// - Parameter settle: the value a coordinate takes, given the best one, its H_jj and its place among the weights.
  mutating func pass(_ settle: @Sendable (_ best: Float, _ curvature: Float, _ index: Int) -> Float) {
    let (objective, weights, gradient) = (objective, weights, gradient)
    let results = parallelRows(0..<weights.rows, threads: threads) { rows in
      let first = rows.lowerBound * weights.columns
      var part = (weights: weights[rows: rows].elements, gradient: gradient[rows: rows].elements)
      objective.descend(&part.weights, &part.gradient) { settle($0, $1, first + $2) }
      return [part]
    }
    self.weights.elements = results.flatMap(\.weights)
    self.gradient.elements = results.flatMap(\.gradient)
  }
}

extension LayerObjective {
  /// One pass over some rows, which go together, so that they share each row of H while it is near.
  @inline(__always)
  fileprivate func descend(_ weights: inout [Float], _ gradient: inout [Float], _ settle: (Float, Float, Int) -> Float) {
    let depth = depth
    let rowCount = weights.count / depth
    hessian.elements.withUnsafeBufferPointer { hessian in
      gradient.withUnsafeMutableBufferPointer { gradient in
        for column in 0..<depth {
          let curvature = hessian[column * (depth + 1)]
          for row in 0..<rowCount {
            let index = row * depth + column
            let value = settle(weights[index] - gradient[index] / curvature, curvature, index)
            let step = value - weights[index]
            guard step != 0 else { continue }
            weights[index] = value
            // Safe: the gradient has rowCount x depth elements, H depth x depth.
            for other in 0..<depth { gradient[row * depth + other] += step * hessian[column * depth + other] }
          }
        }
      }
    }
  }
}

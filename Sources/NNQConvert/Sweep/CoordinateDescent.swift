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

  /// - Parameters:
  ///   - isKept: which weights of a group are not set to zero, given their saliencies and how many there are.
  ///   - settle: the value that one of the others takes, given the best one and its place among the weights.
  mutating func pass(
    keeping isKept: @Sendable (_ saliencies: SIMD4<Float>, _ count: Int) -> GroupMask = { _, _ in GroupMask(repeating: true) },
    settle: @Sendable (_ best: Float, _ index: Int) -> Float
  ) {
    let (objective, weights, gradient) = (objective, weights, gradient)
    let results = parallelRows(0..<weights.rows, threads: threads) { rows in
      let first = rows.lowerBound * weights.columns
      var part = (weights: weights[rows: rows].elements, gradient: gradient[rows: rows].elements)
      objective.descend(&part.weights, &part.gradient, isKept) { settle($0, first + $1) }
      return [part]
    }
    self.weights.elements = results.flatMap(\.weights)
    self.gradient.elements = results.flatMap(\.gradient)
  }
}

extension LayerObjective {
  /// One pass over some rows, which go together, so that they share each row of H while it is near.
  @inline(__always)
  fileprivate func descend(
    _ weights: inout [Float], _ gradient: inout [Float], _ isKept: (SIMD4<Float>, Int) -> GroupMask, _ settle: (Float, Int) -> Float
  ) {
    let depth = depth
    let rowCount = weights.count / depth
    hessian.elements.withUnsafeBufferPointer { hessian in
      gradient.withUnsafeMutableBufferPointer { gradient in
        for group in groups.columns {
          for row in 0..<rowCount {
            var saliencies = SIMD4<Float>.zero
            for (lane, column) in group.enumerated() {
              let (index, curvature) = (row * depth + column, hessian[column * (depth + 1)])
              let best = weights[index] - gradient[index] / curvature
              saliencies[lane] = curvature * best * best
            }
            let isKept = isKept(saliencies, group.count)
            for (lane, column) in group.enumerated() {
              let (index, curvature) = (row * depth + column, hessian[column * (depth + 1)])
              let value = isKept[lane] ? settle(weights[index] - gradient[index] / curvature, index) : 0
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
}

/// Which weights of a group.
typealias GroupMask = SIMDMask<SIMD4<Int32>>

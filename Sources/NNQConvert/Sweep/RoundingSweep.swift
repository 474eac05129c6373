import NNQFloat

/// Rounds weights column by column; each row makes up for the rounding of a column in the columns behind it (GPTQ: Frantar et
/// al. 2023, arXiv 2210.17323). Weights that are zero stay zero.
struct RoundingSweep: Sendable {
  let objective: LayerObjective
  /// Of each row, K of them.
  let grids: [WeightGrid]
  let threads: Int

  /// Columns that make up for each other at once; those behind them follow for all of them together.
  private struct Panel: Sendable {
    let columns: Range<Int>
    /// U, panel x columns behind.
    let behind: FloatMatrix
  }

  /// - Parameter weights: K x D, in the objective's order of columns.
  /// - Returns: weights on the grids.
  func run(_ weights: FloatMatrix) -> FloatMatrix {
    let panels = panels
    let rounded = parallelRows(0..<weights.rows, threads: threads) { sweep(weights[rows: $0], Array(grids[$0]), panels) }
    let swept = FloatMatrix(rows: weights.rows, columns: weights.columns, elements: rounded)
    var descent = CoordinateDescent(objective, from: swept, threads: threads)
    // What a sweep settled early can now be settled better: 2 to 6 % less error at 3 and 4 bits, almost all of it in two passes.
    for _ in 0..<2 {
      descent.pass { best, index in weights.elements[index] == 0 ? 0 : grids[index / weights.columns].round(best) }
    }
    return descent.weights
  }

  private var panels: [Panel] {
    let (depth, width) = (objective.depth, 64)
    return stride(from: 0, to: depth, by: width).map { first in
      let columns = first..<min(first + width, depth)
      return Panel(columns: columns, behind: objective.inverseFactor[rows: columns].columns(Array(columns.upperBound..<depth)))
    }
  }

  private func sweep(_ weights: FloatMatrix, _ grids: [WeightGrid], _ panels: [Panel]) -> [Float] {
    var swept = weights
    for panel in panels {
      let steps = settle(panel.columns, of: &swept, grids) { weights.elements[$0] != 0 }
      let changes = steps.times(panel.behind)
      for row in 0..<swept.rows {
        let first = row * swept.columns + panel.columns.upperBound
        for (column, change) in changes.row(row).enumerated() { swept.elements[first + column] -= change }
      }
    }
    return swept.elements
  }

  /// Rounds some columns, each making up for those before it.
  ///
  /// - Returns: rows x columns: by how much, in units of U's diagonal.
  private func settle(
    _ columns: Range<Int>, of weights: inout FloatMatrix, _ grids: [WeightGrid], where isKept: (Int) -> Bool
  ) -> FloatMatrix {
    let depth = objective.depth
    var steps = FloatMatrix(
      rows: weights.rows, columns: columns.count, elements: [Float](repeating: 0, count: weights.rows * columns.count))
    objective.inverseFactor.elements.withUnsafeBufferPointer { factor in
      for (row, grid) in grids.enumerated() {
        for column in columns {
          let index = row * depth + column
          let value = isKept(index) ? grid.round(weights.elements[index]) : 0
          let step = (weights.elements[index] - value) / factor[column * (depth + 1)]
          weights.elements[index] = value
          steps.elements[row * columns.count + column - columns.lowerBound] = step
          // Safe: U is depth x depth.
          for other in column + 1..<columns.upperBound { weights.elements[row * depth + other] -= step * factor[column * depth + other] }
        }
      }
    }
    return steps
  }
}

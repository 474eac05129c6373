/// A square matrix in double precision, row-major; factored by the four IEEE operations in one order, so with the same bits
/// on every CPU and with every number of threads.
struct SquareMatrix: Equatable, Sendable {
  let size: Int
  var elements: [Double]

  /// All zeros.
  init(size: Int) {
    self.size = size
    elements = [Double](repeating: 0, count: size * size)
  }

  init(size: Int, elements: [Double]) {
    precondition(elements.count == size * size, "as many elements as the size says")
    self.size = size
    self.elements = elements
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

  fileprivate func row(_ index: Int, _ columns: Range<Int>) -> ArraySlice<Double> {
    elements[index * size + columns.lowerBound..<index * size + columns.upperBound]
  }

  fileprivate mutating func setRow(_ index: Int, _ columns: Range<Int>, to values: [Double]) {
    elements.replaceSubrange(index * size + columns.lowerBound..<index * size + columns.upperBound, with: values)
  }
}

extension SquareMatrix {
  /// Upper triangular U with self^-1 = U^T U; self is symmetric and positive definite.
  ///
  /// Row j of U is, up to a factor, what a change of coordinate j asks of the coordinates behind it when those before it stay
  /// (Frantar and Alistarh 2023, SparseGPT, arXiv 2301.00774, section 3.2).
  ///
  /// With J the reversal of rows and columns and V upper triangular, let J S J = V^T V. Then S = (J V^T J)(J V J), whose first
  /// factor is upper triangular, and U = J V^-T J is its inverse.
  ///
  /// Costs size^3 / 3 multiplications.
  func inverseFactor(threads: Int) -> SquareMatrix {
    reversed.choleskyFactor(threads: threads).inverseTranspose(threads: threads).reversed
  }

  private var reversed: SquareMatrix { SquareMatrix(size: size, elements: elements.reversed()) }

  /// Rows that are settled one after the other before the rest, on all threads, reads them once.
  private var blocks: [Range<Int>] { stride(from: 0, to: size, by: 64).map { $0..<min($0 + 64, size) } }

  /// Upper triangular V with self = V^T V; what stands below the diagonal does not matter.
  private func choleskyFactor(threads: Int) -> SquareMatrix {
    var result = self
    for block in blocks {
      for pivot in block {
        let row = result.reduced(pivot, by: block.lowerBound..<pivot)
        let root = max(row[0], .leastNormalMagnitude).squareRoot()
        result.setRow(pivot, pivot..<size, to: row.map { $0 / root })
      }
      let rest = block.upperBound..<size
      let rows = parallelRows(rest, threads: threads) { [result] in $0.map { result.reduced($0, by: block) } }
      for (index, row) in zip(rest, rows) { result.setRow(index, index..<size, to: row) }
    }
    return result
  }

  /// A row of V from the diagonal on, less what settled rows explain.
  private func reduced(_ index: Int, by settled: Range<Int>) -> [Double] {
    var row = Array(row(index, index..<size))
    subtract(settled, times: settled.map { self[$0, index] }, columns: index..<size, from: &row)
    return row
  }

  /// Of an upper triangular matrix: the transpose of its inverse, lower triangular.
  private func inverseTranspose(threads: Int) -> SquareMatrix {
    var result = SquareMatrix(size: size)
    for block in blocks {
      let rows = parallelRows(block, threads: threads) { [result] in result.solved($0, of: self, settled: block.lowerBound) }
      for (index, row) in zip(block, rows) {
        var row = row
        let settled = block.lowerBound..<index
        result.subtract(settled, times: settled.map { self[$0, index] }, columns: 0..<index, from: &row)
        result.setRow(index, 0..<index + 1, to: row.map { $0 / self[index, index] })
      }
    }
    return result
  }

  /// Rows of the inverse up to the diagonal, not yet divided, as far as the first `settled` rows determine them.
  private func solved(_ rows: Range<Int>, of factor: SquareMatrix, settled: Int) -> [[Double]] {
    var solved = rows.map { [Double](repeating: 0, count: $0) + [1] }
    for block in blocks where block.upperBound <= settled {
      for (place, index) in rows.enumerated() {
        subtract(block, times: block.map { factor[$0, index] }, columns: 0..<block.upperBound, from: &solved[place])
      }
    }
    return solved
  }

  /// Subtracts multiples of some rows, in their order, from the first of a row's elements.
  private func subtract(_ rows: Range<Int>, times factors: [Double], columns: Range<Int>, from row: inout [Double]) {
    let count = columns.count
    precondition(count <= row.count && columns.upperBound <= size, "as many columns as the rows have")
    elements.withUnsafeBufferPointer { elements in
      row.withUnsafeMutableBufferPointer { row in
        // Safe: by the precondition each source has `count` elements from there on.
        func source(_ offset: Int) -> UnsafeBufferPointer<Double> {
          UnsafeBufferPointer(
            rebasing: elements[
              (rows.lowerBound + offset) * size + columns.lowerBound..<(rows.lowerBound + offset) * size + columns.upperBound])
        }
        let inFours = rows.count & ~3
        for first in stride(from: 0, to: inFours, by: 4) {
          let (a, b, c, d) = (source(first), source(first + 1), source(first + 2), source(first + 3))
          let (e, f, g, h) = (factors[first], factors[first + 1], factors[first + 2], factors[first + 3])
          for column in 0..<count {
            row[column] = row[column] - e * a[column] - f * b[column] - g * c[column] - h * d[column]
          }
        }
        for last in inFours..<rows.count {
          let (a, e) = (source(last), factors[last])
          for column in 0..<count { row[column] -= e * a[column] }
        }
      }
    }
  }
}

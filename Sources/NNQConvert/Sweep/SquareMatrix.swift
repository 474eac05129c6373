/// A square matrix in double precision, row-major; factored by the four IEEE operations in one order, so with the same bits
/// on every CPU.
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

  /// Upper triangular U with self^-1 = U^T U; self is symmetric and positive definite.
  ///
  /// Row j of U is, up to a factor, what a change of coordinate j asks of the coordinates behind it when those before it stay
  /// (Frantar and Alistarh 2023, SparseGPT, arXiv 2301.00774, section 3.2).
  ///
  /// With J the reversal of rows and columns and V upper triangular, let J S J = V^T V. Then S = (J V^T J)(J V J), whose first
  /// factor is upper triangular, and U = J V^-T J is its inverse.
  var inverseFactor: SquareMatrix { reversed.choleskyFactor.inverseTranspose.reversed }

  private var reversed: SquareMatrix { SquareMatrix(size: size, elements: elements.reversed()) }

  /// Upper triangular V with self = V^T V; what stands below the diagonal does not matter.
  private var choleskyFactor: SquareMatrix {
    var result = self
    result.elements.withUnsafeMutableBufferPointer { matrix in
      for pivot in 0..<size {
        let row = pivot * size
        let root = max(matrix[row + pivot], .leastNormalMagnitude).squareRoot()
        for column in pivot..<size { matrix[row + column] /= root }
        for lower in (pivot + 1)..<max(size, pivot + 1) {
          let factor = matrix[row + lower]
          // Safe: both rows have `size` elements.
          for column in lower..<size { matrix[lower * size + column] -= factor * matrix[row + column] }
        }
      }
    }
    return result
  }

  /// Of an upper triangular matrix: the transpose of its inverse, lower triangular.
  private var inverseTranspose: SquareMatrix {
    var result = SquareMatrix(size: size)
    result.elements.withUnsafeMutableBufferPointer { inverse in
      for row in 0..<size {
        inverse[row * size + row] = 1
        for earlier in 0..<row {
          let factor = elements[earlier * size + row]
          // Safe: both rows have `size` elements.
          for column in 0...earlier { inverse[row * size + column] -= factor * inverse[earlier * size + column] }
        }
        let pivot = elements[row * size + row]
        for column in 0...row { inverse[row * size + column] /= pivot }
      }
    }
    return result
  }
}

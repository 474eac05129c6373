import CKernels

/// A row-major matrix; products have one order of summation on every CPU.
package struct FloatMatrix: Equatable, Sendable {
  package let rows: Int
  package let columns: Int
  package var elements: [Float]

  /// - Parameter elements: rows x columns of them.
  package init(rows: Int, columns: Int, elements: [Float]) {
    precondition(elements.count == rows * columns, "as many elements as the shape says")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  package func row(_ index: Int) -> ArraySlice<Float> { elements[index * columns..<(index + 1) * columns] }

  package subscript(rows range: Range<Int>) -> FloatMatrix {
    range == 0..<rows
      ? self
      : FloatMatrix(rows: range.count, columns: columns, elements: Array(elements[range.lowerBound * columns..<range.upperBound * columns]))
  }

  package var transposed: FloatMatrix {
    FloatMatrix(rows: columns, columns: rows, elements: NNQFloat.transposed(elements, rows: rows, columns: columns))
  }

  /// Self times `other`, each element one chain of fused multiply-adds.
  ///
  /// - Parameter isa: of the kernels; one this CPU has. The result does not depend on it.
  package func times(_ other: FloatMatrix, isa: nn_isa = nn_f32_best_isa()) -> FloatMatrix {
    precondition(columns == other.rows, "as many columns as the right factor has rows")
    guard rows > 0, other.columns > 0 else { return FloatMatrix(rows: rows, columns: other.columns, elements: []) }
    let product = [Float](count: rows * other.columns) { c in
      // Safe: the sizes are those of the matrices, and no side is empty.
      nn_f32_kernels_for(isa).pointee.gemm(elements, other.elements, nil, c.baseAddress!, rows, other.columns, columns)
    }
    return FloatMatrix(rows: rows, columns: other.columns, elements: product)
  }

  /// Self plus `factor` times `other` of the same shape.
  package func adding(_ other: FloatMatrix, times factor: Float = 1) -> FloatMatrix {
    precondition(elements.count == other.elements.count, "matrices of one shape")
    var result = self
    for index in elements.indices { result.elements[index] += factor * other.elements[index] }
    return result
  }

  /// Column j becomes column `order[j]` of self.
  package func columns(_ order: [Int]) -> FloatMatrix {
    let elements = [Float](count: rows * order.count) { result in
      for row in 0..<rows {
        for (column, source) in order.enumerated() { result[row * order.count + column] = self.elements[row * columns + source] }
      }
    }
    return FloatMatrix(rows: rows, columns: order.count, elements: elements)
  }

  /// Each row less its own number.
  package func subtracting(_ offsets: [Float]) -> FloatMatrix {
    var result = self
    for row in 0..<rows {
      for index in row * columns..<(row + 1) * columns { result.elements[index] -= offsets[row] }
    }
    return result
  }

  /// Sums of the rows, in double precision and memory order.
  package var rowSums: [Double] {
    (0..<rows).map { row in self.row(row).reduce(0.0) { $0 + Double($1) } }
  }
}

import TestSupport
import Testing

@testable import NNQConvert

@Suite struct SquareMatrixTests {
  private func covariance(size: Int) -> SquareMatrix {
    var random = SeededRandom(seed: 7)
    let rows = (0..<size + 5).map { _ in (0..<size).map { _ in Double.random(in: -1...1, using: &random) } }
    var matrix = SquareMatrix(size: size)
    for row in 0..<size {
      for column in 0..<size { matrix[row, column] = rows.reduce(0) { $0 + $1[row] * $1[column] } }
    }
    return matrix
  }

  /// One block, a whole number of blocks, a last block of one row.
  @Test(arguments: [1, 3, 63, 64, 65, 128, 150]) func theInverseFactorTimesItselfIsTheInverse(size: Int) {
    let matrix = covariance(size: size)
    let factor = matrix.inverseFactor(threads: 1)
    for row in 0..<size {
      #expect((0..<row).allSatisfy { factor[row, $0] == 0 })
      // Row of U S U^T, which is the identity.
      let product = (0..<size).map { column in (row..<size).reduce(0) { $0 + factor[row, $1] * matrix[$1, column] } }
      for other in 0..<size {
        let element = (other..<size).reduce(0) { $0 + product[$1] * factor[other, $1] }
        #expect(abs(element - (row == other ? 1 : 0)) < 1e-6)
      }
    }
  }

  @Test func theNumberOfThreadsDoesNotMatter() {
    let matrix = covariance(size: 150)
    #expect(matrix.inverseFactor(threads: 1) == matrix.inverseFactor(threads: 3))
  }
}

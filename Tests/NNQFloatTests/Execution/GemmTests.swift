import CKernels
import NNQFloat
import TestSupport
import Testing

@Suite struct GemmTests {
  struct Size: CustomTestStringConvertible {
    var rows, columns, depth: Int
    var testDescription: String { "\(rows) x \(columns) x \(depth)" }
  }

  /// At, around and beyond the register tiles (4 x 24, 8 x 48) and the depth block (256), and depth 0.
  static let sizes = [
    (1, 1, 0), (1, 1, 1), (3, 7, 5), (8, 48, 256), (9, 49, 257), (4, 24, 255), (15, 47, 3), (23, 97, 513), (7, 16, 12), (2, 33, 1),
  ].map(Size.init)

  @Test(arguments: sizes) func isOneChainOfFusedMultiplyAdds(_ size: Size) {
    var random = SeededRandom(seed: 1)
    let a = random.floats(size.rows * size.depth)
    let b = random.floats(size.depth * size.columns)
    let start = random.floats(size.rows)
    var expected: [Float] = []
    for m in 0..<size.rows {
      for p in 0..<size.columns {
        var sum = start[m]
        for k in 0..<size.depth { sum.addProduct(a[m * size.depth + k], b[k * size.columns + p]) }
        expected.append(sum)
      }
    }
    for isa in availableISAs {
      var c = [Float](repeating: .nan, count: size.rows * size.columns)
      nn_f32_kernels_for(isa).pointee.gemm(a, b, start, &c, size.rows, size.columns, size.depth)
      #expect(c == expected, "\(String(cString: nn_isa_name(isa)))")
    }
  }

  @Test func keepsTheSignOfZeroAndStartsFromZeroWithoutStart() {
    for isa in availableISAs {
      var c: [Float] = [1, 1]
      nn_f32_kernels_for(isa).pointee.gemm([-0.0], [1, -1], [-0.0], &c, 1, 2, 1)
      #expect(c.map(\.bitPattern) == [Float(-0.0).bitPattern, 0])
      nn_f32_kernels_for(isa).pointee.gemm([2], [3, 4], nil, &c, 1, 2, 1)
      #expect(c == [6, 8])
    }
  }

  @Test func denseKeepsLeadingAxesAndDoesNotDependOnTheirExtent() throws {
    var random = SeededRandom(seed: 2)
    let (x, weights, bias) = (random.floats(6 * 50), random.floats(21 * 50), random.floats(21))
    let all = try evaluate(.dense, [([2, 3, 50], x), ([21, 50], weights), ([21], bias)])
    #expect(all.shape == [2, 3, 21])
    for row in 0..<6 {
      let one = try evaluate(.dense, [([1, 50], Array(x[row * 50..<(row + 1) * 50])), ([21, 50], weights), ([21], bias)])
      #expect(one.elements == Array(all.elements[row * 21..<(row + 1) * 21]))
    }
  }
}

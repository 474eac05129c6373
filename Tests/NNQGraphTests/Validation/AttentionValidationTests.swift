import NNQFormat
import NNQGraph
import Testing

/// matMul and layerNorm. Spec: operators.md 3.17 and 3.18.
@Suite struct AttentionValidationTests {
  private let shapes = Refusal(.shapeMismatch, at: "y")
  private let types = Refusal(.operandType, at: "y")
  private let ranges = Refusal(.attributeRange, at: "y")
  private let grids = Refusal(.quantizationMismatch, at: "y")

  private func matMul(
    _ a: Tensor, _ b: Tensor, _ y: Tensor, transposeB: Bool = false, lo: Int32 = 0, hi: Int32 = 255
  ) -> Refusal? {
    Graph(.matMul(MatMul(transposeB: transposeB, multiplier: 256, shift: 0, lo: lo, hi: hi)), [a, b], y).refusal
  }

  @Test func matMulTakesMatricesOfOneDepth() {
    let (a, y) = (Tensor.activation("a", [1, 2, 3]), Tensor.activation("y", [1, 2, 4]))
    #expect(matMul(a, .activation("b", [1, 3, 4]), y) == nil)
    #expect(matMul(a, .activation("b", [1, 4, 3]), y, transposeB: true) == nil)
    #expect(matMul(a, .activation("b", [1, 4, 3]), y) == shapes)
    #expect(matMul(a, .activation("b", [1, 3, 5]), y) == shapes)
    #expect(matMul(a, .activation("b", [1, 1, 3, 4]), y) == shapes)
    #expect(matMul(.activation("a", [1, 3]), .activation("b", [1, 3]), .activation("y", [1, 1])) == shapes, "the batch is no row")
    let depth = MatMul.maximumDepth
    #expect(matMul(.activation("a", [1, 1, depth]), .activation("b", [1, depth, 1]), .activation("y", [1, 1, 1])) == nil)
    #expect(matMul(.activation("a", [1, 1, depth + 1]), .activation("b", [1, depth + 1, 1]), .activation("y", [1, 1, 1])) == shapes)
  }

  @Test func matMulRepeatsMatrices() {
    let y = Tensor.activation("y", [1, 4, 5, 1, 1])
    #expect(matMul(.activation("a", [1, 4, 1, 1, 2]), .activation("b", [1, 1, 5, 2, 1]), y) == nil)
    #expect(matMul(.activation("a", [1, 2, 5, 1, 2]), .activation("b", [1, 4, 5, 2, 1]), y) == shapes)
  }

  @Test func matMulTakesS16OnTheLeft() {
    let (a, b, y) = (Tensor.activation("a", [1, 2, 3]), Tensor.activation("b", [1, 3, 4]), Tensor.activation("y", [1, 2, 4]))
    #expect(matMul(.activation("a", [1, 2, 3], .s16), b, y) == nil)
    #expect(matMul(.activation("a", [1, 2, 3], .s16, zeroPoint: 1), b, y) == grids)
    #expect(matMul(a, .activation("b", [1, 3, 4], .s16), y) == types)
    #expect(matMul(a, b, .activation("y", [1, 2, 4], .s16), lo: -5) == nil)
    #expect(matMul(a, b, .activation("y", [1, 2, 4], .s16, zeroPoint: 1)) == grids)
    #expect(matMul(a, .constant("b", [1, 3, 4], .u8, Array(0..<12)), y) == types)
    #expect(
      Graph(.matMul(MatMul(transposeB: false, multiplier: 256, shift: 0, lo: 0, hi: 255)), [a], y).refusal
        == Refusal(.operandCount, at: "y"))
  }

  @Test func matMulBoundsItsClamp() {
    let (a, b) = (Tensor.activation("a", [1, 2, 3]), Tensor.activation("b", [1, 3, 4]))
    #expect(matMul(a, b, .activation("y", [1, 2, 4]), lo: 2, hi: 1) == ranges)
    #expect(matMul(a, b, .activation("y", [1, 2, 4]), lo: -1) == ranges)
    #expect(matMul(a, b, .activation("y", [1, 2, 4]), hi: 256) == ranges)
  }

  private func layerNorm(_ x: Tensor, _ y: Tensor, gain: Tensor? = nil, offset: Tensor? = nil) -> Refusal? {
    let length = x.shape[x.shape.count - 1]
    let ones = Array(repeating: 1, count: length)
    let norm = LayerNorm(subtractsMean: true, epsilon: 0, epsilonShift: 0, shift: 8)
    return Graph(.layerNorm(norm), [x, gain ?? .constant("g", .s16, ones), offset ?? .constant("o", .s32, ones)], y).refusal
  }

  @Test func layerNormKeepsTheShape() {
    let (x, y) = (Tensor.activation("x", [1, 2, 3]), Tensor.activation("y", [1, 2, 3]))
    #expect(layerNorm(x, y) == nil)
    #expect(layerNorm(x, .activation("y", [1, 3, 2])) == shapes)
    #expect(layerNorm(.activation("x", [1]), .activation("y", [1])) == shapes, "the only axis is the batch")
    #expect(layerNorm(x, y, gain: .constant("g", .s16, [1, 2])) == shapes)
    #expect(layerNorm(x, y, offset: .constant("o", .s32, [1, 2])) == shapes)
    let length = LayerNorm.maximumLength
    #expect(layerNorm(.activation("x", [1, length]), .activation("y", [1, length])) == nil)
    #expect(layerNorm(.activation("x", [1, length + 1]), .activation("y", [1, length + 1])) == shapes)
  }

  @Test func layerNormTakesBothTypes() {
    let (x, y) = (Tensor.activation("x", [1, 3]), Tensor.activation("y", [1, 3]))
    #expect(layerNorm(.activation("x", [1, 3], .s16), .activation("y", [1, 3], .s16)) == nil)
    #expect(layerNorm(.activation("x", [1, 3], .s16, zeroPoint: 1), y) == grids)
    #expect(layerNorm(x, .activation("y", [1, 3], .s16, zeroPoint: 1)) == grids)
    #expect(layerNorm(x, y, gain: .constant("g", .s8, [1, 2, 3])) == types)
    #expect(layerNorm(x, y, offset: .constant("o", .s16, [1, 2, 3])) == types)
    #expect(layerNorm(x, y, gain: .activation("g", [1, 3], .s16)) == types)
    let norm = LayerNorm(subtractsMean: true, epsilon: 0, epsilonShift: 0, shift: 8)
    #expect(Graph(.layerNorm(norm), [x], y).refusal == Refusal(.operandCount, at: "y"))
  }
}

import NNQFormat
import NNQGraph
import Testing

/// Spec: operators.md 1 and format.md 5.1.1.
@Suite struct TensorValidationTests {
  /// A reshape of `x` to `y`, with one of them changed.
  private func refusal(_ change: (inout Tensor, inout Tensor) -> Void) -> Refusal? {
    var (x, y) = (Tensor.activation("x", [1, 4]), Tensor.activation("y", [1, 2, 2]))
    change(&x, &y)
    return Graph(.reshape, [x], y).refusal
  }

  @Test func acceptsLegalTensors() {
    #expect(refusal { _, _ in } == nil)
  }

  @Test func rejectsActivationsOfOtherTypes() {
    for type in [ElementType.s8, .u16, .u32, .f32] {
      #expect(refusal { x, _ in x.elementType = type } == Refusal(.operandType, at: "x"), "\(type)")
    }
  }

  @Test func rejectsActivationsWithoutScale() {
    #expect(refusal { x, _ in x.quantization = nil } == Refusal(.operandType, at: "x"))
  }

  @Test func rejectsBatchesOtherThanOne() {
    #expect(refusal { x, _ in x.shape = [4, 1] } == Refusal(.shapeMismatch, at: "x"))
    #expect(refusal { x, _ in x.shape = [] } == Refusal(.shapeMismatch, at: "x"))
  }

  @Test(arguments: [[1, 0], [1, -1], [1, 1 << 31], [1, 1 << 30, 1 << 30, 1 << 30], [1, Int.max], [1, Int.min]])
  func rejectsExtents(shape: [Int]) {
    #expect(refusal { x, _ in x.shape = shape } == Refusal(.shapeMismatch, at: "x"))
  }

  @Test func boundsTheByteCount() {
    let most = Int(Int32.max)
    #expect(refusal { x, y in (x.shape, y.shape) = ([1, most], [1, 1, most]) } == nil)
    #expect(
      refusal { x, y in
        (x, y) = (.activation("x", [1, most], .s16), .activation("y", [1, 1, most], .s16))
      } == Refusal(.shapeMismatch, at: "x"))
  }

  @Test(arguments: [(ElementType.u8, 0, 255), (.s16, -32768, 32767)])
  func boundsZeroPoints(type: ElementType, least: Int32, most: Int32) {
    func refused(_ zeroPoint: Int32) -> Refusal? {
      refusal { x, y in
        (x, y) = (.activation("x", [1, 4], type, zeroPoint: zeroPoint), .activation("y", [1, 2, 2], type, zeroPoint: zeroPoint))
      }
    }
    for zeroPoint in [least, most] { #expect(refused(zeroPoint) == nil) }
    for zeroPoint in [least - 1, most + 1] { #expect(refused(zeroPoint) == Refusal(.quantizationMismatch, at: "x")) }
  }

  @Test(arguments: [0, -1, Float.infinity, .nan, 0x1p-127])
  func rejectsScales(scale: Float) {
    #expect(refusal { x, _ in x.quantization?.scale = scale } == Refusal(.quantizationMismatch, at: "x"))
  }

  private func refusalOfConstant(_ change: (inout Tensor) -> Void) -> Refusal? {
    var operands = AccumulatingGraph()
    change(&operands.weights)
    return operands.dense.refusal
  }

  @Test func rejectsConstantsOfAnotherByteCount() {
    #expect(refusalOfConstant { $0.constant?.bytes = [] } == Refusal(.shapeMismatch, at: "w"))
    #expect(refusalOfConstant { $0.constant?.bytes = [1, 2] } == Refusal(.shapeMismatch, at: "w"))
  }

  @Test func rejectsConstantsOfFloats() {
    #expect(
      refusalOfConstant { weights in
        weights.elementType = .f32
        weights.constant?.bytes = [0, 0, 0, 0]
      } == Refusal(.operandType, at: "w"))
  }

  /// Else it would pass for an activation.
  @Test func rejectsConstantsWithScale() {
    #expect(refusalOfConstant { $0.quantization = Quantization(scale: 1, zeroPoint: 0) } == Refusal(.operandType, at: "w"))
  }
}

import CKernels
import TestSupport
import Testing

/// Elementwise arithmetic of every instruction set against the scalar definition: operators.md 3.1, 3.13 to 3.15.
struct ArithmeticTests {
  static let operations = [NN_ADD, NN_MULTIPLY, NN_MAXIMUM, NN_MINIMUM, NN_REQUANTIZE]

  /// All element types, operands that repeat along any axes, channels below, at and above what kernels take at a time.
  @Test(arguments: operations, 0..<150) func equalsScalar(operation: nn_operation, seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let isConstant = operation != NN_REQUANTIZE && Bool.random(using: &random)
    let output = output(using: &random)
    let a = operand(of: output, mayRepeat: !isConstant && operation != NN_REQUANTIZE, using: &random)
    var b = operand(of: output, mayRepeat: true, using: &random)
    if isConstant { b.makeConstant() }
    var parameters = parameters(operation, output, using: &random)
    if operation == NN_MAXIMUM || operation == NN_MINIMUM { parameters.widen(output) }
    var kernelCase = KernelCase(kernel: \.arithmetic) { [b] step, constants in
      step.u.arithmetic = parameters
      guard isConstant else { return }
      step.other = b.view(offset: 0)
      step.u.arithmetic.constant = UnsafePointer(constants[0])
    }
    (kernelCase.input, kernelCase.other, kernelCase.output) = (a, isConstant ? Activation() : b, output)
    if isConstant { kernelCase.constants = [b.bytes] }
    expectEqualToScalar(kernelCase, "\(parameters), \(a.summary), \(b.summary) to \(output.summary), seed \(seed)", using: &random)
  }

  private func output(using random: inout SeededRandom) -> Activation {
    var result = Activation(height: Int.random(in: 1...4, using: &random), width: Int.random(in: 1...9, using: &random))
    result.channels = [1, 2, 3, 4, 6, 15, 16, 31, 32, 33, 64, 77, 128, 1030].randomElement(using: &random) ?? 1
    result.batch = Int.random(in: 1...3, using: &random)
    result.elementByteCount = Int.random(in: 1...2, using: &random)
    result.zeroPoint = result.elementByteCount == 1 ? Int32.random(in: 0...255, using: &random) : 0
    result.fill(using: &random)
    return result
  }

  private func operand(of output: Activation, mayRepeat: Bool, using random: inout SeededRandom) -> Activation {
    var result = output
    if mayRepeat {
      if Bool.random(using: &random) { result.height = 1 }
      if Bool.random(using: &random) { result.width = 1 }
      if Int.random(in: 0..<4, using: &random) == 0 { result.channels = 1 }
    }
    result.elementByteCount = Int.random(in: 1...2, using: &random)
    result.zeroPoint = result.elementByteCount == 1 ? Int32.random(in: 0...255, using: &random) : Int32.random(in: -9...9, using: &random)
    result.fill(using: &random)
    return result
  }

  private func parameters(_ operation: nn_operation, _ output: Activation, using random: inout SeededRandom) -> nn_arithmetic {
    var result = nn_arithmetic()
    result.operation = operation
    let multipliers = Bool.random(using: &random) ? -16383...16383 : Int32(-300)...300
    result.multiplier_a = Int32.random(in: multipliers, using: &random)
    result.multiplier_b = Int32.random(in: multipliers, using: &random)
    result.shift = Int32.random(in: 0...21, using: &random)
    result.c = Int32.random(in: -1 << 16...1 << 16, using: &random)
    (result.shift_a, result.shift_b) = (Int32.random(in: 0...7, using: &random), Int32.random(in: 0...7, using: &random))
    result.multiplier = Int32.random(in: 1...32767, using: &random)
    let limits = output.elementByteCount == 1 ? Int32(0)...255 : -32768...32767
    result.lo = Int32.random(in: limits, using: &random)
    result.hi = Int32.random(in: result.lo...limits.upperBound, using: &random)
    return result
  }
}

extension Activation {
  fileprivate var summary: String { "\(batch)x\(height)x\(width)x\(channels) of \(elementByteCount) bytes" }

  /// One image, zero point 0.
  fileprivate mutating func makeConstant() {
    batch = 1
    zeroPoint = 0
    bytes = Array(bytes.prefix(byteCount))
  }
}

extension nn_arithmetic {
  /// maximum and minimum have no clamp of their own.
  fileprivate mutating func widen(_ output: Activation) { (lo, hi) = output.elementByteCount == 1 ? (0, 255) : (-32768, 32767) }
}

import CKernels
import TestSupport
import Testing

/// table and softmax of every instruction set against the scalar definition.
struct ElementwiseTests {
  /// Any extent with few or many bytes in a row of the view.
  private func activation(using random: inout SeededRandom) -> Activation {
    var result = Activation(height: Int.random(in: 1...4, using: &random), width: Int.random(in: 1...5, using: &random))
    result.channels = [1, 2, 3, 4, 6, 16, 31, 64, 77].randomElement(using: &random) ?? 1
    result.batch = Int.random(in: 1...2, using: &random)
    result.zeroPoint = Int32.random(in: 0...255, using: &random)
    result.fill(using: &random)
    return result
  }

  /// operators.md 3.5: every pair of types, with one table and with one for each channel
  @Test(arguments: 0..<200) func tableEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let (inputByteCount, outputByteCount) = (seed % 2 + 1, seed / 2 % 2 + 1)
    let isPerChannel = seed / 4 % 3 == 0
    let entryCount = inputByteCount == 1 ? 256 : 513
    var kernelCase = KernelCase(kernel: \.table) { step, constants in
      step.u.table = nn_table(
        entries: UnsafeRawPointer(constants[0]), channel_stride: isPerChannel ? Int32(entryCount) : 0, shift: outputByteCount == 1 ? 13 : 7)
    }
    kernelCase.input = activation(using: &random)
    kernelCase.input.elementByteCount = inputByteCount
    kernelCase.input.fill(using: &random)
    kernelCase.output = kernelCase.input
    kernelCase.output.elementByteCount = outputByteCount
    kernelCase.output.fill(using: &random)
    let entryByteCount = max(inputByteCount, outputByteCount)
    let tableByteCount = (isPerChannel ? kernelCase.input.channels : 1) * entryCount * entryByteCount
    kernelCase.constants = [(0..<tableByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }]
    expectEqualToScalar(kernelCase, "\(inputByteCount) to \(outputByteCount) bytes, seed \(seed)", using: &random)
  }

  /// operators.md 3.4
  @Test(arguments: 0..<40) func softmaxEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var table = (0..<512).map { _ in UInt32.random(in: 0...1 << 31, using: &random) }
    (table[0], table[256]) = (1 << 31, 1 << 31)
    var kernelCase = KernelCase(kernel: \.softmax) { step, constants in
      step.u.softmax.exponential = UnsafePointer(UnsafeRawPointer(constants[0]).assumingMemoryBound(to: UInt32.self))
    }
    kernelCase.constants = [table.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }]
    kernelCase.input = activation(using: &random)
    kernelCase.input.elementByteCount = Int.random(in: 1...2, using: &random)
    kernelCase.input.fill(using: &random)
    kernelCase.output = kernelCase.input
    kernelCase.output.elementByteCount = Int.random(in: 1...2, using: &random)
    kernelCase.output.fill(using: &random)
    expectEqualToScalar(kernelCase, "seed \(seed)", using: &random)
  }
}

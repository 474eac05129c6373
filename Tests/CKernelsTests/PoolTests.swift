import CKernels
import TestSupport
import Testing

/// Pooling of every instruction set against the scalar definition. Spec: operators.md 3.2, 3.3.
struct PoolTests {
  @Test(arguments: 0..<150) func maxPoolEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let pool = PoolCase(using: &random)
    expectEqualToScalar(
      pool.kernelCase(\.max_pool, elementByteCount: 1 + seed % 5 / 4, using: &random), "\(pool), seed \(seed)", using: &random)
  }

  @Test(arguments: 0..<150) func averagePoolEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let pool = PoolCase(using: &random)
    expectEqualToScalar(
      pool.kernelCase(\.average_pool, elementByteCount: 1 + seed % 5 / 4, using: &random), "\(pool), seed \(seed)", using: &random)
  }

  @Test func globalAverageOfAConstantIsThatConstant() {
    var random = SeededRandom(seed: 1)
    var pool = PoolCase(using: &random)
    pool.parameters = nn_pool(
      kernel_height: 7, kernel_width: 7, stride_height: 1, stride_width: 1, pad_top: 0, pad_left: 0, count_include_pad: 0,
      multiplier: 1 << 30, shift: 30)
    (pool.height, pool.width, pool.channels, pool.outputHeight, pool.outputWidth) = (7, 7, 37, 1, 1)
    var kernelCase = pool.kernelCase(\.average_pool, using: &random)
    kernelCase.input.fill(with: 200)
    kernelCase.output.zeroPoint = kernelCase.input.zeroPoint
    for isa in KernelCase.isas {
      #expect(kernelCase.run(isa) == Array(repeating: 200, count: pool.batch * 37))
    }
  }
}

/// A pooling window over an input, every window with at least one element.
struct PoolCase: CustomStringConvertible {
  var height: Int
  var width: Int
  var channels: Int
  var batch: Int
  var outputHeight: Int
  var outputWidth: Int
  var parameters: nn_pool

  var description: String { "\(batch)x\(height)x\(width)x\(channels) -> \(outputHeight)x\(outputWidth), \(parameters)" }

  init(using random: inout SeededRandom) {
    func axis(_ random: inout SeededRandom) -> (extent: Int, kernel: Int, stride: Int, pad: Int, output: Int) {
      let extent = Int.random(in: 1...12, using: &random)
      let kernel = Int.random(in: 1...min(7, extent), using: &random)
      let (stride, pad) = (Int.random(in: 1...3, using: &random), Int.random(in: 0..<kernel, using: &random))
      return (extent, kernel, stride, pad, (extent + pad - kernel) / stride + 1)
    }
    let (vertical, horizontal) = (axis(&random), axis(&random))
    (height, width, outputHeight, outputWidth) = (vertical.extent, horizontal.extent, vertical.output, horizontal.output)
    channels = [1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 130].randomElement(using: &random) ?? 1
    batch = Int.random(in: 1...2, using: &random)
    parameters = nn_pool(
      kernel_height: Int32(vertical.kernel), kernel_width: Int32(horizontal.kernel), stride_height: Int32(vertical.stride),
      stride_width: Int32(horizontal.stride), pad_top: Int32(vertical.pad), pad_left: Int32(horizontal.pad),
      count_include_pad: Int32.random(in: 0...1, using: &random), multiplier: Int32.random(in: 1...Int32.max, using: &random),
      shift: Int32.random(in: [1...46, 28...34].randomElement(using: &random) ?? 1...46, using: &random))
  }

  func kernelCase(_ kernel: KeyPath<nn_kernels, nn_kernel?>, elementByteCount: Int = 1, using random: inout SeededRandom) -> KernelCase {
    let zeroPoint = elementByteCount == 1 ? Int32.random(in: 0...255, using: &random) : 0
    var result = KernelCase(kernel: kernel) { step, _ in step.u.pool = parameters }
    result.input = Activation(
      height: height, width: width, channels: channels, batch: batch, elementByteCount: elementByteCount, zeroPoint: zeroPoint)
    result.output = result.input
    (result.output.height, result.output.width) = (outputHeight, outputWidth)
    result.input.fill(using: &random)
    result.output.fill(using: &random)
    return result
  }
}

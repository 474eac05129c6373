import CKernels
import TestSupport
import Testing

/// matMul, layerNorm and reduce of every instruction set against the scalar definition.
struct AttentionTests {
  private func activation(_ extents: [Int], elementByteCount: Int, using random: inout SeededRandom) -> Activation {
    var result = Activation(height: extents[1], width: extents[2], channels: extents[3], batch: extents[0])
    result.elementByteCount = elementByteCount
    result.zeroPoint = elementByteCount == 1 ? Int32.random(in: 0...255, using: &random) : 0
    result.fill(using: &random)
    return result
  }

  /// operators.md 3.17: every depth and number of columns about the groups and panels, extreme values, repeated matrices.
  @Test(arguments: 0..<300) func matMulEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let rows = [1, 2, 5, 12, 13, 50].randomElement(using: &random)!
    let columns = [1, 3, 15, 16, 17, 31, 33, 48, 64, 65, 100].randomElement(using: &random)!
    let depth = [1, 2, 3, 4, 5, 7, 16, 31, 64, 65, 255, 256, 257, 520].randomElement(using: &random)!
    let (batch, heads) = (Int.random(in: 1...2, using: &random), Int.random(in: 1...3, using: &random))
    let repeats = (a: Int.random(in: 0...3, using: &random) == 0, b: Int.random(in: 0...3, using: &random) == 0)
    let transposeB = Bool.random(using: &random)
    let isWide = seed % 3 == 0
    var kernelCase = KernelCase(kernel: \.matmul) { step, _ in
      step.u.matmul = nn_matmul(
        rows: Int32(rows), columns: Int32(columns), depth: Int32(depth), transpose_b: transposeB ? 1 : 0,
        extent: (1, 1, 1, 1, Int32(batch), Int32(heads)),
        step_a: (0, 0, 0, 0, repeats.a ? 1 : Int32(heads), repeats.a ? 0 : 1),
        step_b: (0, 0, 0, 0, repeats.b ? 1 : Int32(heads), repeats.b ? 0 : 1),
        multiplier: Int32(300 + seed * 20), shift: Int32(seed % 14), lo: 3, hi: 250)
    }
    kernelCase.input = activation(
      [batch, repeats.a ? 1 : heads, rows, depth], elementByteCount: isWide ? 2 : 1, using: &random)
    kernelCase.other = activation(
      [batch, repeats.b ? 1 : heads] + (transposeB ? [columns, depth] : [depth, columns]), elementByteCount: 1, using: &random)
    kernelCase.output = activation([batch, heads, rows, columns], elementByteCount: seed % 4 == 0 ? 2 : 1, using: &random)
    kernelCase.splitsColumns = true
    if seed % 5 == 0 {
      kernelCase.input.fill(with: isWide ? 0x80 : 255)
      kernelCase.other.fill(with: seed % 2 == 0 ? 255 : 0)
      kernelCase.input.zeroPoint = 0
      kernelCase.other.zeroPoint = seed % 2 == 0 ? 0 : 255
    }
    expectEqualToScalar(kernelCase, "\(rows) x \(columns) x \(depth), seed \(seed)", using: &random)
  }

  /// operators.md 3.18
  @Test(arguments: 0..<120) func layerNormEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let channels = [1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 64, 100, 768].randomElement(using: &random)!
    let norm = nn_layer_norm(
      gain: nil, offset: nil, subtracts_mean: Int32(seed % 2), epsilon: Int32.random(in: 0...Int32.max, using: &random),
      epsilon_shift: Int32.random(in: 0...(seed % 5 == 0 ? 31 : 4), using: &random), shift: Int32.random(in: 8...31, using: &random))
    var kernelCase = KernelCase(kernel: \.layer_norm) { step, constants in
      step.u.layer_norm = norm
      step.u.layer_norm.gain = UnsafePointer(UnsafeRawPointer(constants[0]).assumingMemoryBound(to: Int16.self))
      step.u.layer_norm.offset = UnsafePointer(UnsafeRawPointer(constants[1]).assumingMemoryBound(to: Int32.self))
    }
    kernelCase.constants = [2, 4].map { width in (0..<channels * width).map { _ in UInt8.random(in: 0...255, using: &random) } }
    let extents = [Int.random(in: 1...2, using: &random), Int.random(in: 1...3, using: &random), Int.random(in: 1...3, using: &random)]
    kernelCase.input = activation(extents + [channels], elementByteCount: Int.random(in: 1...2, using: &random), using: &random)
    if seed % 7 == 0 { kernelCase.input.fill(with: 0x80) }
    kernelCase.output = activation(extents + [channels], elementByteCount: Int.random(in: 1...2, using: &random), using: &random)
    expectEqualToScalar(kernelCase, "\(channels) channels, seed \(seed)", using: &random)
  }

  /// Some of the axes N, H and W of N,H,W,C.
  private func pixelBox(
    _ shape: [Int], where isTaken: (Int) -> Bool
  ) -> (extents: (Int32, Int32, Int32, Int32), steps: (Int32, Int32, Int32, Int32)) {
    let steps = [shape[1] * shape[2], shape[2], 1]
    let (e, s) = ((0..<3).map { isTaken($0) ? Int32(shape[$0]) : 1 }, (0..<3).map { isTaken($0) ? Int32(steps[$0]) : 0 })
    return ((1, e[0], e[1], e[2]), (0, s[0], s[1], s[2]))
  }

  /// operators.md 3.16
  @Test(arguments: 0..<150) func reduceEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let x = [
      Int.random(in: 1...2, using: &random), Int.random(in: 1...5, using: &random), Int.random(in: 1...9, using: &random),
      [1, 2, 3, 4, 8, 15, 16, 17, 33, 64, 100].randomElement(using: &random)!,
    ]
    let y = x.enumerated().map { $0 == 0 || Bool.random(using: &random) ? $1 : 1 }
    let (kept, reduced) = (pixelBox(x, where: { x[$0] == y[$0] }), pixelBox(x, where: { x[$0] != y[$0] }))
    let reduce = nn_reduce(
      kept_extent: kept.extents, kept_step: kept.steps, reduced_extent: reduced.extents, reduced_step: reduced.steps,
      kind: Int32(seed % 3), multiplier: Int32.random(in: 1...(1 << 24 - 1), using: &random),
      shift: Int32.random(in: [1...60, 20...30].randomElement(using: &random)!, using: &random))
    var kernelCase = KernelCase(kernel: \.reduce) { step, _ in step.u.reduce = reduce }
    kernelCase.input = activation(x, elementByteCount: Int.random(in: 1...2, using: &random), using: &random)
    let width = seed % 3 == 0 ? Int.random(in: 1...2, using: &random) : kernelCase.input.elementByteCount
    kernelCase.output = activation(y, elementByteCount: width, using: &random)
    expectEqualToScalar(kernelCase, "\(x) to \(y), seed \(seed)", using: &random)
  }
}

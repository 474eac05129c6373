import CKernels
import TestSupport
import Testing

/// Convolutions without the zeros among their weights, of every instruction set, against the scalar definition with them.
struct SparseTests {
  private func expectEqualToDense(_ convolution: ConvolutionCase, seed: Int) {
    var (sparse, dense) = (convolution, convolution)
    (sparse.kind, dense.kind) = (.sparse, .panels)
    var (random, same) = (SeededRandom(seed: UInt64(seed)), SeededRandom(seed: UInt64(seed)))
    let kernelCase = sparse.kernelCase(using: &random)
    #expect(
      kernelCase.run(NN_ISA_SCALAR) == dense.kernelCase(using: &same).run(NN_ISA_SCALAR), "\(sparse), seed \(seed)")
    expectEqualToScalar(kernelCase, "\(sparse), seed \(seed)", using: &random)
  }

  /// Every number of vectors in a tile, whole ones and not, and several tiles.
  @Test(arguments: [1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 64, 79, 80, 81, 96, 97, 112, 200])
  func everyTileEqualsDense(pixelCount: Int) {
    for (outputChannels, hasResidual, byteCount) in [(1, false, 1), (16, false, 1), (17, true, 1), (40, false, 2), (64, false, 1)] {
      var convolution = ConvolutionCase(width: pixelCount, channels: 23, outputChannels: outputChannels, density: 30)
      (convolution.hasResidual, convolution.outputElementByteCount) = (hasResidual, byteCount)
      expectEqualToDense(convolution, seed: pixelCount)
    }
  }

  /// Depths around what is transposed at once, and of one, two and three slices.
  @Test(arguments: [1, 3, 4, 5, 16, 17, 32, 60, 64, 65, 68, 256, 260, 768, 1000, 1540])
  func everyDepthEqualsDense(channels: Int) {
    for (width, density) in [(49, 0), (96, 5), (20, 100)] {
      expectEqualToDense(ConvolutionCase(width: width, channels: channels, outputChannels: 18, density: density), seed: channels)
    }
  }

  @Test(arguments: 0..<120) func randomGeometriesEqualDense(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    var convolution = ConvolutionCase.random(.sparse, using: &random)
    convolution.density = [0, 5, 20, 50, 100].randomElement(using: &random) ?? 0
    convolution.hasBlocks = Bool.random(using: &random)
    expectEqualToDense(convolution, seed: seed)
  }

  @Test(arguments: [4, 17, 64]) func extremesEqualDense(channels: Int) {
    for values in [ConvolutionCase.Values.extreme, .bound] {
      var convolution = ConvolutionCase(height: 6, width: 9, channels: channels, outputChannels: 37, kernel: (3, 3), values: values)
      (convolution.padding, convolution.density) = ((1, 1, 1, 1), 60)
      expectEqualToDense(convolution, seed: channels)
    }
  }
}

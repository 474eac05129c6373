import CKernels
import TestSupport
import Testing

/// conv2D and dense of every instruction set against the scalar definition.
struct ConvolutionTests {
  @Test func printsTheInstructionSetsCovered() {
    print("instruction sets covered: \(KernelCase.isas.map(KernelCase.name))")
    #expect(KernelCase.isas.first == NN_ISA_SCALAR)
  }

  /// Every number of rows and panels around and beyond the tiles.
  @Test(arguments: 1...27) func everyTileEqualsScalar(pixelCount: Int) {
    var random = SeededRandom(seed: UInt64(pixelCount))
    for outputChannels in [1, 8, 15, 16, 17, 31, 32, 33, 40, 48, 49, 64, 65, 80, 96, 112, 144] {
      var convolution = ConvolutionCase(width: pixelCount, channels: 5, outputChannels: outputChannels)
      convolution.hasResidual = Bool.random(using: &random)
      convolution.outputElementByteCount = convolution.hasResidual ? 1 : Int.random(in: 1...2, using: &random)
      expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(pixelCount)", using: &random)
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 63, 64, 65, 256, 1280]) func everyDepthEqualsScalar(channels: Int) {
    var random = SeededRandom(seed: UInt64(channels))
    for (batch, outputChannels) in [(1, 1), (1, 70), (2, 10), (7, 24)] {
      let dense = ConvolutionCase(channels: channels, outputChannels: outputChannels, batch: batch)
      expectEqualToScalar(dense.kernelCase(using: &random), "\(dense), seed \(channels)", using: &random)
    }
  }

  @Test(arguments: 0..<250) func randomGeometriesEqualScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let convolution = ConvolutionCase.random(.panels, using: &random)
    expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(seed)", using: &random)
  }

  @Test(arguments: [1, 3, 4, 17, 64]) func extremesEqualScalar(channels: Int) {
    var random = SeededRandom(seed: UInt64(channels))
    for values in [ConvolutionCase.Values.extreme, .bound] {
      var convolution = ConvolutionCase(height: 4, width: 5, channels: channels, outputChannels: 37, kernel: (3, 3), values: values)
      convolution.padding = (1, 1, 1, 1)
      expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(channels)", using: &random)
    }
  }

  /// More pixels than one block of addresses holds.
  @Test func blocksOfPixelsEqualScalar() {
    var random = SeededRandom(seed: 1)
    for (channels, kernel, pad) in [(8, 1, 0), (4, 3, 1), (3, 3, 1), (1, 5, 2)] {
      var convolution = ConvolutionCase(height: 17, width: 19, channels: channels, outputChannels: 18, batch: 2)
      convolution.kernel = (kernel, kernel)
      convolution.padding = (pad, pad, pad, pad)
      expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed 1", using: &random)
    }
  }

  @Test(arguments: 0..<40) func groupedEqualsScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let convolution = ConvolutionCase.random(.grouped, using: &random)
    expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(seed)", using: &random)
  }
}

extension ConvolutionCase {
  /// Any legal geometry that the scalar definition computes quickly.
  static func random(_ kind: Kind, using random: inout SeededRandom) -> ConvolutionCase {
    while true {
      var result = ConvolutionCase(kind: kind)
      func pick(_ choices: [Int], _ random: inout SeededRandom) -> Int { choices.randomElement(using: &random) ?? 1 }
      result.height = Int.random(in: 1...14, using: &random)
      result.width = Int.random(in: 1...14, using: &random)
      result.batch = pick([1, 1, 2], &random)
      result.channels = pick([1, 2, 3, 4, 5, 8, 12, 16, 24, 32, 48, 64, 80, 100, 128, 150], &random)
      result.outputChannels = pick([1, 3, 8, 16, 20, 32, 48, 70], &random)
      result.kernel = [(1, 1), (3, 3), (3, 3), (5, 5), (1, 7), (7, 1), (2, 3), (4, 2), (8, 1)].randomElement(using: &random) ?? (1, 1)
      result.stride = (pick([1, 1, 2, 3], &random), pick([1, 1, 2, 3], &random))
      result.dilation = (pick([1, 1, 1, 2, 3], &random), pick([1, 1, 1, 2, 3], &random))
      let (extentH, extentW) = ((result.kernel.height - 1) * result.dilation.height, (result.kernel.width - 1) * result.dilation.width)
      result.padding.top = Int.random(in: 0...extentH, using: &random)
      result.padding.bottom = Int.random(in: 0...extentH, using: &random)
      result.padding.left = Int.random(in: 0...extentW, using: &random)
      result.padding.right = Int.random(in: 0...extentW, using: &random)
      result.hasResidual = Int.random(in: 0..<3, using: &random) == 0
      result.outputElementByteCount = result.hasResidual ? 1 : pick([1, 1, 1, 2], &random)
      switch kind {
      case .panels, .sparse: break
      case .depthwise: (result.groups, result.outputChannels) = (result.channels, result.channels)
      case .grouped:
        result.groups = pick([2, 4], &random)
        result.channels = result.groups * pick([1, 3, 8], &random)
        result.outputChannels = result.groups * pick([1, 2, 5], &random)
      }
      if result.isLegal && result.macCount <= 60_000 { return result }
    }
  }
}

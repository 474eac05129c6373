import CKernels
import TestSupport
import Testing

/// Depthwise convolution of every instruction set against the scalar definition.
struct DepthwiseTests {
  /// Below, at and above the 64 channels of a block; divisors of 64 share a block between pixels.
  @Test(arguments: [2, 3, 4, 5, 8, 12, 16, 24, 32, 40, 48, 63, 64, 65, 96, 100, 128, 144])
  func everyChannelCountEqualsScalar(channels: Int) {
    var random = SeededRandom(seed: UInt64(channels))
    for (size, stride) in [(3, 1), (3, 2), (5, 1), (5, 2), (7, 1)] {
      for width in [1, 2, 5, 9] {
        var convolution = ConvolutionCase(kind: .depthwise, height: 6, width: width, channels: channels, outputChannels: channels)
        convolution.groups = channels
        convolution.kernel = (size, size)
        convolution.stride = (stride, stride)
        let pad = size / 2
        convolution.padding = (pad, pad, pad, pad)
        expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(channels)", using: &random)
      }
    }
  }

  @Test(arguments: 0..<250) func randomGeometriesEqualScalar(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let convolution = ConvolutionCase.random(.depthwise, using: &random)
    guard convolution.channels > 1 else { return }
    expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(seed)", using: &random)
  }

  @Test(arguments: [16, 64, 70]) func extremesEqualScalar(channels: Int) {
    var random = SeededRandom(seed: UInt64(channels))
    for values in [ConvolutionCase.Values.extreme, .bound] {
      var convolution = ConvolutionCase(kind: .depthwise, height: 5, width: 6, channels: channels, outputChannels: channels)
      convolution.groups = channels
      convolution.kernel = (3, 3)
      convolution.padding = (1, 1, 1, 1)
      convolution.values = values
      expectEqualToScalar(convolution.kernelCase(using: &random), "\(convolution), seed \(channels)", using: &random)
    }
  }
}

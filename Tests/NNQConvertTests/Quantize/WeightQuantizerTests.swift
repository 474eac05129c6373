import TestSupport
import Testing

@testable import NNQConvert

@Suite struct WeightQuantizerTests {
  /// Six channels of 20 weights whose magnitudes span twelve powers of ten; the last is all zero.
  private func weights() -> LayerWeights {
    var random = SeededRandom(seed: 14)
    let magnitudes: [Float] = [1, 1e-3, 1e-7, 0.2, 1e-12, 0]
    let values = magnitudes.flatMap { magnitude in (0..<20).map { _ in Float.random(in: -1...1, using: &random) * magnitude } }
    return LayerWeights(values: values, shape: [6, 20], bias: [0, 1, -1, 0.5, 0, 3])
  }

  private func quantizer(bits: Int, output: ActivationGrid = ActivationGrid(u8: -3...3), hasResidual: Bool = false) -> WeightQuantizer {
    WeightQuantizer(bits: bits, input: ActivationGrid(u8: 0...1), output: output, hasResidual: hasResidual)
  }

  static let outputs: [(ActivationGrid, Bool, Int)] = [
    (ActivationGrid(u8: -3...3), false, 256), (ActivationGrid(u8: 0...40), true, 512),
    (ActivationGrid(s16: 3, isAccumulated: true), false, 16384),
  ]

  @Test(arguments: outputs, 1...8) func multipliersAreExactAndInRange(output: (ActivationGrid, Bool, Int), bits: Int) {
    let quantizer = quantizer(bits: bits, output: output.0, hasResidual: output.1)
    let result = quantizer.quantize(weights())
    for channel in 0..<6 {
      let (multiplier, shift) = (result.multipliers[channel], result.shifts[channel])
      let factor = result.scales[channel] * quantizer.input.scale / output.0.scale
      #expect(abs(factor * Double(1 << (15 + shift)) - Double(multiplier)) < 1e-9 * Double(multiplier))
      #expect((output.2...32767).contains(multiplier))
      #expect((0...22).contains(shift))
      #expect(multiplier < 2 * output.2 || shift == 0)
    }
  }

  @Test(arguments: 1...8) func levelsStayWithinTheirBits(bits: Int) {
    let levels = quantizer(bits: bits).quantize(weights()).levels
    let largest = [1, 1, 3, 7, 15, 31, 63, 127][bits - 1]
    #expect(quantizer(bits: bits).largestLevel == largest)
    #expect(levels.count == 120)
    #expect(levels.allSatisfy { abs(Int($0)) <= largest })
  }

  @Test func atEightBitsNoWeightIsOffByMoreThanHalfAStep() {
    let (weights, result) = (weights(), quantizer(bits: 8).quantize(weights()))
    for (index, value) in result.values.enumerated() {
      #expect(abs(Double(value - weights.values[index])) <= result.scales[index / 20] * 0.50001)
    }
    // Of a channel whose multiplier is within range, the step is at most 1/256 coarser than needed.
    let needed = weights.values[..<20].reduce(0) { max($0, abs(Double($1))) } / 127
    #expect(result.scales[0] >= needed && result.scales[0] <= needed * (1 + 1.0 / 255))
  }

  @Test func aSingleBitIsTheSignAndZeroStaysZero() {
    let weights = LayerWeights(values: [0.5, -0.25, 0, 0.75], shape: [1, 4], bias: [0])
    let result = quantizer(bits: 1).quantize(weights)
    #expect(result.levels == [1, -1, 0, 1])
    #expect(abs(result.scales[0] - 0.5) < 0.5 / 255)
  }

  @Test func stepsAreNoFinerThanIsAskedFor() {
    let weights = LayerWeights(values: [1, 0, 0, -0.5], shape: [1, 4], bias: [0])
    let fine = quantizer(bits: 8).quantize(weights).scales[0]
    let coarse = quantizer(bits: 8).quantize(weights, coarsest: 0.1732).scales[0]
    #expect(fine < 0.008)
    #expect(coarse >= 0.1732 && coarse < 0.1732 * (1 + 1.0 / 250))
  }

  @Test func largeBiasesKeepTheirBits() {
    let weights = LayerWeights(values: [1e-12], shape: [1, 1], bias: [1000])
    let quantizer = quantizer(bits: 8, output: ActivationGrid(u8: 0...1000))
    let result = quantizer.quantize(weights)
    #expect(1000 / (result.scales[0] * quantizer.input.scale) <= 0x1p29)
  }
}

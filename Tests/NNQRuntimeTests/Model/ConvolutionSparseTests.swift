import Testing

@testable import NNQRuntime

@Suite struct ConvolutionSparseTests {
  /// 480 inputs and 80 outputs of 14 x 14 pixels, in two slices.
  private func cost(pixelCount: Int = 196) -> SparseCost {
    SparseCost(pixelCount: pixelCount, panelCount: 5, groupCount: 120, sliceGroups: 60)
  }

  @Test func zerosAreSkippedWhereMostBlocksAre() {
    let blockCount = 80 * 120
    #expect(cost().isLower(blockCount: blockCount / 4))
    #expect(cost().isLower(blockCount: blockCount / 2))
    #expect(!cost().isLower(blockCount: blockCount))
  }

  @Test func fewPixelsDoNotFillAVector() {
    #expect(!cost(pixelCount: 1).isLower(blockCount: 80 * 120 / 4))
  }

  @Test func shallowLayersAreKeptDense() {
    #expect(!SparseCost(pixelCount: 12544, panelCount: 6, groupCount: 4, sliceGroups: 4).isLower(blockCount: 96))
  }
}

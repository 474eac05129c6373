import Testing

@testable import NNQConvert

extension ChannelMoments {
  fileprivate init(channelCount: Int, _ values: [Float], isChannelsFirst: Bool) {
    self.init(channelCount: channelCount)
    values.withUnsafeBufferPointer { add($0, isChannelsFirst: isChannelsFirst) }
  }

  fileprivate func numbers(of channelCount: Int) -> [[Double]] { (0..<channelCount).map { [mean($0), variance($0)] } }
}

@Suite struct ChannelMomentsTests {
  @Test func channelsAreBlocksOrTheLastAxis() {
    let blocks = ChannelMoments(channelCount: 2, [1, 3, 5, -2, -2, -2], isChannelsFirst: true)
    #expect(blocks.mean(0) == 3)
    #expect(abs(blocks.variance(0) - 8.0 / 3) < 1e-12)
    #expect([blocks.mean(1), blocks.variance(1)] == [-2, 0])
    let last = ChannelMoments(channelCount: 2, [1, -2, 3, -2, 5, -2], isChannelsFirst: false)
    #expect(last.numbers(of: 2) == blocks.numbers(of: 2))
  }

  @Test func mergedPartsAreTheWhole() {
    var parts = ChannelMoments(channelCount: 1, [1, 2], isChannelsFirst: true)
    parts.merge(ChannelMoments(channelCount: 1, [4, 8], isChannelsFirst: true))
    let whole = ChannelMoments(channelCount: 1, [1, 2, 4, 8], isChannelsFirst: true)
    #expect(parts.numbers(of: 1) == whole.numbers(of: 1))
  }

  @Test func withoutValuesTheyAreZero() {
    #expect(ChannelMoments(channelCount: 1).numbers(of: 1) == [[0, 0]])
  }
}

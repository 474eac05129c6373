/// Mean and variance of each channel of an activation N,C,... or ...,C, summed in double precision in sample order.
struct ChannelMoments: Sendable {
  private var sums: [Double]
  private var squares: [Double]
  private var count = 0.0

  init(channelCount: Int) {
    sums = [Double](repeating: 0, count: channelCount)
    squares = sums
  }

  /// - Parameter isChannelsFirst: channel k is a contiguous block of N,C,...; otherwise channels are the last axis.
  mutating func add(_ values: UnsafeBufferPointer<Float>, isChannelsFirst: Bool) {
    let channelCount = sums.count
    let extent = values.count / channelCount
    let (channelStride, elementStride) = isChannelsFirst ? (extent, 1) : (1, channelCount)
    for channel in 0..<channelCount {
      var (sum, square) = (0.0, 0.0)
      for element in 0..<extent {
        let value = Double(values[channel * channelStride + element * elementStride])
        sum += value
        square += value * value
      }
      sums[channel] += sum
      squares[channel] += square
    }
    count += Double(extent)
  }

  mutating func merge(_ other: ChannelMoments) {
    for channel in sums.indices {
      sums[channel] += other.sums[channel]
      squares[channel] += other.squares[channel]
    }
    count += other.count
  }

  func mean(_ channel: Int) -> Double { count > 0 ? sums[channel] / count : 0 }

  func variance(_ channel: Int) -> Double {
    count > 0 ? max(squares[channel] / count - mean(channel) * mean(channel), 0) : 0
  }
}

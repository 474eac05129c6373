import NNQFloat

/// Extremes and mean square of each channel (axis 1) of the layers' outputs, over samples of the float net.
struct ChannelStatistics: Sendable {
  struct Channel: Equatable, Sendable {
    var low: Double = 0
    var high: Double = 0
    var square: Double = 0
    fileprivate var count = 0.0

    var magnitude: Double { max(-low, high) }
    var meanSquare: Double { count > 0 ? square / count : 0 }
  }

  /// By value index.
  private(set) var channels: [Int: [Channel]] = [:]

  init(_ net: LayerGraph, _ executor: FloatExecutor, samples: HeldSamples, threads: Int) throws {
    let observed = Set(net.gridValues.filter { net.graph.values[$0].shape.count >= 2 })
    try forEachSample(count: samples.count, threads: threads) { sample in
      var part = ChannelStatistics()
      _ = try executor.run(inputs: samples.arrays(of: sample)) { value, shape, elements in
        if observed.contains(value) { part.add(elements, value: value, shape: shape) }
      }
      return part
    } deliver: { _, part in
      merge(part)
    }
  }

  private init() {}

  private mutating func add(_ elements: UnsafeBufferPointer<Float>, value: Int, shape: [Int]) {
    let extent = max(shape[2...].reduce(1, *), 1)
    var found = [Channel](repeating: Channel(), count: shape[1])
    for first in stride(from: 0, to: elements.count, by: extent) {
      found[first / extent % shape[1]].add(elements[first..<min(first + extent, elements.count)])
    }
    channels[value] = found
  }

  private mutating func merge(_ other: ChannelStatistics) {
    for (value, parts) in other.channels {
      channels[value] = zip(channels[value] ?? [Channel](repeating: Channel(), count: parts.count), parts).map { $0.merged($1) }
    }
  }
}

extension ChannelStatistics.Channel {
  fileprivate mutating func add(_ elements: Slice<UnsafeBufferPointer<Float>>) {
    var (least, largest, sum) = (Float(low), Float(high), 0.0)
    for element in elements where element.isFinite {
      least = min(least, element)
      largest = max(largest, element)
      sum += Double(element) * Double(element)
    }
    (low, high, square) = (Double(least), Double(largest), square + sum)
    count += Double(elements.count)
  }

  fileprivate func merged(_ other: ChannelStatistics.Channel) -> ChannelStatistics.Channel {
    var result = self
    result.low = min(low, other.low)
    result.high = max(high, other.high)
    result.square += other.square
    result.count += other.count
    return result
  }
}

/// The weights of an output channel in the groups that a pattern looks at as a whole: neighbouring input channels at one kernel
/// position.
struct WeightGroups: Equatable, Sendable {
  let pattern: PrunePattern
  /// For each group its columns: places among the weights of an output channel. Each is in one group.
  let columns: [[Int]]

  /// Weights of an output channel.
  var depth: Int { columns.reduce(0) { $0 + $1.count } }

  init(_ pattern: PrunePattern, columns: [[Int]]) {
    self.pattern = pattern
    self.columns = columns
  }

  /// - Parameters:
  ///   - order: columns in the order of memory: kernel positions, then channels.
  ///   - channelCount: input channels of one output channel.
  init(_ pattern: PrunePattern, order: [Int], channelCount: Int) {
    let size = pattern.groupSize
    columns = stride(from: 0, to: order.count, by: channelCount).flatMap { position in
      stride(from: position, to: position + channelCount, by: size).map { first in
        Array(order[first..<min(first + size, position + channelCount)])
      }
    }
    self.pattern = pattern
  }

  /// Columns before which the weights may be cut without cutting a group; both ends among them.
  var cuts: [Int] {
    var lasts = [Int](repeating: 0, count: depth)
    for group in columns { lasts[group.min() ?? 0] = group.max() ?? 0 }
    var (cuts, last) = ([0], 0)
    for column in lasts.indices {
      last = max(last, lasts[column])
      if last <= column { cuts.append(column + 1) }
    }
    return cuts
  }

  /// The groups of some columns, which are renumbered from 0.
  subscript(range: Range<Int>) -> WeightGroups {
    let inside = columns.filter { range.contains($0[0]) }
    return WeightGroups(pattern, columns: inside.map { group in group.map { $0 - range.lowerBound } })
  }

  /// Share of the weights that go at least from where any go.
  var leastShare: Double {
    let forced = columns.reduce(0) { $0 + pattern.leveled(.zero, count: $1.count).forcedCount }
    return Double(forced) / Double(max(depth, 1))
  }

  // MARK: Scores of K x D weights

  /// As the pattern shares them.
  func pooled(_ scores: [Float]) -> [Float] { mapping(scores) { pattern.pooled($0, count: $1) } }

  /// The same, and -infinity for weights that go whatever their scores are.
  func leveled(_ scores: [Float]) -> [Float] { mapping(scores) { pattern.leveled($0, count: $1) } }

  /// Which weights stay when those of least score go until `count` are gone, and with the last one those it goes with; of equal
  /// ones the first go first. Where none is to go all stay.
  ///
  /// - Parameter scores: leveled.
  func kept(_ scores: [Float], removing count: Int) -> [Bool] {
    var isKept = [Bool](repeating: true, count: scores.count)
    guard count > 0 else { return isKept }
    let units = units(rowCount: scores.count / depth)
    let order = scores.indices.sorted { (scores[$0], units[$0]) < (scores[$1], units[$1]) }
    var last: Int?
    for (removedCount, index) in order.enumerated() {
      guard removedCount < count || scores[index] == -.infinity || units[index] == last else { break }
      isKept[index] = false
      last = units[index]
    }
    return isKept
  }

  /// For each weight a number of those that go with it.
  private func units(rowCount: Int) -> [Int] {
    var units = Array(0..<rowCount * depth)
    guard pattern == .block4 else { return units }
    let depth = depth
    for row in 0..<rowCount {
      for group in columns { for column in group { units[row * depth + column] = row * depth + group[0] } }
    }
    return units
  }

  private func mapping(_ scores: [Float], _ transform: (SIMD4<Float>, Int) -> SIMD4<Float>) -> [Float] {
    guard pattern.groupSize > 1 else { return scores }
    var result = scores
    let depth = depth
    for row in 0..<scores.count / max(depth, 1) {
      for group in columns {
        var lanes = SIMD4<Float>.zero
        for (lane, column) in group.enumerated() { lanes[lane] = scores[row * depth + column] }
        lanes = transform(lanes, group.count)
        for (lane, column) in group.enumerated() { result[row * depth + column] = lanes[lane] }
      }
    }
    return result
  }
}

extension SIMD4<Float> {
  fileprivate var forcedCount: Int { indices.count { self[$0] == -.infinity } }
}

/// A stretch of the arena that some steps need.
struct ArenaBuffer {
  var byteCount: Int
  /// The steps, first to last, during which it holds something.
  var lifetime: ClosedRange<Int>
}

/// Places for buffers in one arena, such that buffers whose lifetimes meet do not overlap.
///
/// Greedy by size: the largest buffer first, each in the smallest gap that fits between the buffers it lives with. On the
/// nets this was tried with the arena is as large as the largest sum of live buffers, which no plan can undercut.
struct MemoryPlan {
  /// By buffer; multiples of 64.
  let byteOffsets: [Int]
  let byteCount: Int

  /// - Complexity: quadratic in the number of buffers, which `PlanLimits.stepCount` bounds.
  init(_ buffers: [ArenaBuffer]) {
    var byteOffsets = [Int](repeating: 0, count: buffers.count)
    var placed = PlacedBuffers()
    let largestFirst = buffers.indices.sorted { (buffers[$0].byteCount, $1) > (buffers[$1].byteCount, $0) }
    for index in largestFirst { byteOffsets[index] = placed.insert(buffers[index]) }
    self.byteOffsets = byteOffsets
    byteCount = placed.byteCount
  }
}

private struct PlacedBuffers {
  private struct Placed {
    let byteOffset: Int
    let end: Int
    let lifetime: ClosedRange<Int>
  }

  /// Ascending by offset.
  private var buffers: [Placed] = []
  private(set) var byteCount = 0

  mutating func insert(_ buffer: ArenaBuffer) -> Int {
    let size = AlignedMemory.roundUp(buffer.byteCount)
    let byteOffset = smallestGap(of: size, during: buffer.lifetime)
    let position = buffers.firstIndex { $0.byteOffset > byteOffset } ?? buffers.count
    buffers.insert(Placed(byteOffset: byteOffset, end: byteOffset + size, lifetime: buffer.lifetime), at: position)
    byteCount = max(byteCount, byteOffset + size)
    return byteOffset
  }

  private func smallestGap(of size: Int, during lifetime: ClosedRange<Int>) -> Int {
    var gapStart = 0
    var best: (byteOffset: Int, slack: Int)?
    for other in buffers where other.lifetime.overlaps(lifetime) {
      let slack = other.byteOffset - gapStart - size
      if slack >= 0 && slack < best?.slack ?? Int.max { best = (gapStart, slack) }
      gapStart = max(gapStart, other.end)
    }
    return best?.byteOffset ?? gapStart
  }
}

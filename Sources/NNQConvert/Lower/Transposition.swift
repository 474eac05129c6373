/// From one order of loops to another: axes that stay together are one.
struct Transposition {
  /// Of the source's axes.
  private(set) var extents: [Int] = []
  /// For each axis of the target the source's.
  private(set) var permutation: [Int] = []

  /// - Parameters: the same loops in two orders.
  init(from source: [MemoryOrder.Loop], to target: [MemoryOrder.Loop]) {
    let places = target.map { loop in source.firstIndex(of: loop) ?? 0 }
    var runs: [Range<Int>] = []
    for place in places {
      if let last = runs.last, last.upperBound == place {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    let inSource = runs.sorted { $0.lowerBound < $1.lowerBound }
    extents = inSource.map { run in source[run].reduce(1) { $0 * $1.extent } }
    permutation = runs.map { run in inSource.firstIndex(of: run) ?? 0 }
  }

  var elementCount: Int { extents.reduce(1, *) }

  /// When short blocks are shuffled, all in the same way and with no long run: for each element of a block the one that comes
  /// there. One gather does that, where a transposition would spread and gather single elements.
  var block: [Int]? {
    let stayingCount = zip(permutation, permutation.indices).prefix { $0 == $1 }.count
    let block = Array(extents[stayingCount...])
    let runIsShort = (permutation.last.map { extents[$0] } ?? 1) < 8 || permutation.last != extents.count - 1
    guard stayingCount > 0, block.reduce(1, *) <= 1024, runIsShort else { return nil }
    return MemoryOrder(block, axes: permutation[stayingCount...].map { $0 - stayingCount }).indices
  }
}

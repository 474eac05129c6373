/// Where a float value lives in the integer graph: a tensor, and the order in which it holds the value's elements.
///
/// The batch is axis 0 of every tensor and no part of the order: it has extent 1 here, so it may be any axis of the float
/// value that has extent 1, or none.
struct Placement {
  /// Tensor index of the integer graph.
  var tensor: Int
  var order: MemoryOrder

  static func identity(rank: Int) -> [Int] { Array(0..<rank) }

  /// N,C,H,W held as N,H,W,C, and alike for other ranks.
  static func channelsLast(rank: Int) -> [Int] { [0] + Array(2..<rank) + [1] }
  static let channelsLast = channelsLast(rank: 4)
}

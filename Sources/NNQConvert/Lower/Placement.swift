/// Where a float value lives in the integer graph: a tensor, and in which order its memory holds the value's elements.
struct Placement {
  /// Tensor index of the integer graph.
  var tensor: Int
  /// For each axis of the tensor the axis of the float value it holds.
  var axes: [Int]
  /// For a flattened value whose memory is not in the float net's order: for each element in memory its index in the value.
  var elementOrder: [Int]?

  init(tensor: Int, axes: [Int], elementOrder: [Int]? = nil) {
    self.tensor = tensor
    self.axes = axes
    self.elementOrder = elementOrder
  }

  static func identity(rank: Int) -> [Int] { Array(0..<rank) }

  /// N,C,H,W held as N,H,W,C.
  static let channelsLast = [0, 2, 3, 1]
}

extension [Int] {
  /// Self as a shape of a float value: the shape of a tensor with these axes.
  func permuted(by axes: [Int]) -> [Int] { axes.map { self[$0] } }

  /// Self as a shape: whether two orders of axes are the same memory, because only axes of extent 1 change places.
  func isSameMemory(_ a: [Int], _ b: [Int]) -> Bool { a.filter { self[$0] != 1 } == b.filter { self[$0] != 1 } }

  /// Self as a shape: for each element of a tensor with these axes its index in the float value.
  func elementOrder(of axes: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return axes.reduce([0]) { prefixes, axis in
      prefixes.flatMap { prefix in (0..<self[axis]).map { prefix + $0 * strides[axis] } }
    }
  }
}

/// The order in which memory holds the elements of a value: nested loops over indices into the value, whatever its shape.
///
/// A value's elements are counted in row-major order. Memory walks them in loops, outermost first, each of which moves that
/// count on by its stride. So a reshape leaves the order as it is, and a transposition changes strides.
struct MemoryOrder: Equatable {
  struct Loop: Hashable {
    var extent: Int
    /// In elements of the value.
    var stride: Int
  }

  /// Two loops that are one are one, and none has extent 1: equal orders have equal loops.
  private(set) var loops: [Loop] = []

  init(_ loops: [Loop]) {
    for loop in loops where loop.extent > 1 {
      if let outer = self.loops.last, outer.stride == loop.extent * loop.stride {
        self.loops[self.loops.count - 1] = Loop(extent: outer.extent * loop.extent, stride: loop.stride)
      } else {
        self.loops.append(loop)
      }
    }
  }

  /// The value's own order.
  static func rowMajor(_ shape: [Int]) -> MemoryOrder { MemoryOrder([Loop(extent: shape.reduce(1, *), stride: 1)]) }

  /// Loops over whole axes of a value.
  init(_ shape: [Int], axes: [Int]) { self.init(axes.map { AxisPart(axis: $0, extent: shape[$0], step: 1) }, of: shape) }

  init(_ parts: [AxisPart], of shape: [Int]) {
    let strides = shape.rowMajorStrides
    self.init(parts.map { Loop(extent: $0.extent, stride: $0.step * strides[$0.axis]) })
  }

  /// The loops, cut where a loop of another order of the same elements begins; nil where that is inside of a step.
  func loops(cutBy other: MemoryOrder) -> [Loop]? { cut(at: other.loops.map(\.stride)) }

  /// The loops as parts of the axes of a value of this shape; nil where one is no whole number of steps along an axis.
  func parts(of shape: [Int]) -> [AxisPart]? {
    let strides = shape.rowMajorStrides
    let axes = shape.indices.filter { shape[$0] > 1 }
    guard let loops = cut(at: axes.map { strides[$0] }) else { return nil }
    var parts: [AxisPart] = []
    for loop in loops {
      guard let axis = axes.first(where: { strides[$0] <= loop.stride }), loop.stride % strides[axis] == 0 else { return nil }
      parts.append(AxisPart(axis: axis, extent: loop.extent, step: loop.stride / strides[axis]))
    }
    return parts
  }

  /// For each element in memory its index in the value.
  var indices: [Int] {
    loops.reduce([0]) { outer, loop in outer.flatMap { first in (0..<loop.extent).map { first + $0 * loop.stride } } }
  }

  private func cut(at strides: [Int]) -> [Loop]? {
    var result: [Loop] = []
    for loop in loops {
      var end = loop.extent * loop.stride
      for cut in strides.sorted(by: >) where loop.stride < cut && cut < end {
        guard end % cut == 0, cut % loop.stride == 0 else { return nil }
        result.append(Loop(extent: end / cut, stride: cut))
        end = cut
      }
      result.append(Loop(extent: end / loop.stride, stride: loop.stride))
    }
    return result
  }
}

/// A loop over a part of one axis: every `step`-th index.
struct AxisPart: Equatable {
  var axis: Int
  var extent: Int
  var step: Int
}

extension [AxisPart] {
  /// The parts in loops of their own: for each element in memory its index along the one axis they are of.
  var indices: [Int] { MemoryOrder(map { MemoryOrder.Loop(extent: $0.extent, stride: $0.step) }).indices }
}

extension [Int] {
  /// Self as a shape of a float value: the shape of a tensor with these axes.
  func permuted(by axes: [Int]) -> [Int] { axes.map { self[$0] } }

  /// Self as a shape: elements from one index of an axis to the next.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }
}

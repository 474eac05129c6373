/// A value's memory as a move sees it: some axes that it moves along, and what lies between them.
struct MoveUnits {
  private enum Unit {
    case axis(Int)
    case rest([AxisPart])
  }

  private var units: [Unit] = []
  private var shape: [Int]

  /// - Parameters:
  ///   - parts: memory, outermost first; at most one part for each of `axes`.
  ///   - axes: those moved along.
  init(_ parts: [AxisPart], along axes: [Int], of shape: [Int]) {
    self.shape = shape
    for part in parts {
      if axes.contains(part.axis) {
        units.append(.axis(part.axis))
      } else if case .rest(let rest)? = units.last {
        units[units.count - 1] = .rest(rest + [part])
      } else {
        units.append(.rest([part]))
      }
    }
    for axis in axes where shape[axis] == 1 { insert(axis) }
  }

  /// An axis of extent 1 goes behind the axis before it; channels of pictures go last.
  private mutating func insert(_ axis: Int) {
    if axis == 1, shape.count == 4 { return units.append(.axis(axis)) }
    let neighbour = units.lastIndex { unit in
      switch unit {
      case .axis(let other): other < axis
      case .rest(let parts): parts.contains { $0.axis < axis }
      }
    }
    units.insert(.axis(axis), at: neighbour.map { $0 + 1 } ?? 0)
  }

  /// The same memory for a value whose axes moved along have other extents.
  func resized(to shape: [Int]) -> MoveUnits {
    var copy = self
    copy.shape = shape
    return copy
  }

  var order: MemoryOrder {
    MemoryOrder(
      units.flatMap { unit -> [AxisPart] in
        switch unit {
        case .axis(let axis): [AxisPart(axis: axis, extent: shape[axis], step: 1)]
        case .rest(let parts): parts
        }
      }, of: shape)
  }

  /// The batch, then the units.
  var tensorShape: [Int] {
    [1]
      + units.map { unit in
        switch unit {
        case .axis(let axis): shape[axis]
        case .rest(let parts): parts.reduce(1) { $0 * $1.extent }
        }
      }
  }

  /// Which axis of the tensor an axis of the value is.
  func place(of axis: Int) -> Int {
    let index = units.firstIndex { if case .axis(axis) = $0 { true } else { false } }
    return (index ?? 0) + 1
  }

  /// One number for each axis of the tensor from one for each axis of the value.
  func spread(_ values: [Int], absent: Int) -> [Int] {
    [absent]
      + units.map { unit in
        if case .axis(let axis) = unit { values[axis] } else { absent }
      }
  }
}

/// How two operands repeat along an output: its memory as parts of axes, and which of them each operand has.
struct Repetition {
  let parts: [AxisPart]
  /// Of the operands, with as many axes as the output.
  private let shapes: [[Int]]

  /// - Parameters:
  ///   - parts: the output's memory, outermost first.
  ///   - shapes: of two operands that broadcast to the output's shape.
  init(_ parts: [AxisPart], of shape: [Int], _ shapes: [[Int]]) {
    self.parts = parts.filter { $0.extent > 1 }
    self.shapes = shapes.map { [Int](repeating: 1, count: shape.count - $0.count) + $0 }
  }

  private func has(_ part: AxisPart, _ operand: Int) -> Bool { shapes[operand][part.axis] > 1 }

  /// The operand's elements in the order of the output's.
  func order(_ operand: Int) -> MemoryOrder { MemoryOrder(parts.filter { has($0, operand) }, of: shapes[operand]) }

  /// Parts that both operands have, or only one has, follow each other as one axis.
  private var groups: [(extent: Int, has: [Bool])] {
    var groups: [(extent: Int, has: [Bool])] = []
    for part in parts {
      let pattern = [has(part, 0), has(part, 1)]
      if let last = groups.last, last.has == pattern {
        groups[groups.count - 1].extent *= part.extent
      } else {
        groups.append((part.extent, pattern))
      }
    }
    return groups
  }

  /// The batch, then axes none of which an operand has in part.
  ///
  /// - Parameter other: a tensor of the output's elements, whose shape is kept if it will do.
  func tensorShape(like other: [Int]) -> [Int] {
    let least = [1] + (groups.isEmpty ? [1] : groups.map(\.extent))
    guard other.first == 1, other.count > 1, other.reduce(1, *) == least.reduce(1, *) else { return least }
    var axes = other.dropFirst()
    for extent in least.dropFirst() {
      var product = 1
      while product < extent, let axis = axes.popFirst() { product *= axis }
      guard product == extent else { return least }
    }
    return other
  }

  /// - Parameter tensorShape: of the output.
  func shape(_ operand: Int, of tensorShape: [Int]) -> [Int] {
    var shape = [1]
    var axes = tensorShape.dropFirst()
    for group in groups {
      var product = 1
      while product < group.extent, let axis = axes.popFirst() {
        product *= axis
        shape.append(group.has[operand] ? axis : 1)
      }
    }
    return shape + axes
  }
}

import NNQFloat

/// Resizing that is no interpolation between two elements: a weighted sum along one axis after the other.
extension NodeReader {
  /// - Parameters:
  ///   - scales: of all axes.
  ///   - changed: the axes to resize, at least one.
  func summed(
    _ x: Int, _ scales: [AxisScale], _ changed: [Int], _ mode: ResizeMode, _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    var links: [ChainLink] = []
    for axis in changed {
      links += try sums(along: axis, scales[axis], rank: scales.count, mode, &graph)
    }
    if mode.extrapolation != 0, let outside = try outside(scales, mode, &graph) {
      links.append(ChainLink("extrapolated", .binary(.add), [outside]))
    }
    return try graph.append(chain: links, self, from: x)
  }

  /// A dense layer on the axis, which is last meanwhile.
  private func sums(
    along axis: Int, _ scale: AxisScale, rank: Int, _ mode: ResizeMode, _ graph: inout GraphBuilder
  ) throws(Refusal) -> [ChainLink] {
    let shape = [scale.output, scale.input]
    let weights = try graph.constant(
      step: "weights\(axis)", self, shape: shape, (0..<scale.output).flatMap { mode.weights(of: $0, scale) })
    var permutation = Array(0..<rank)
    permutation.swapAt(axis, rank - 1)
    let move = axis == rank - 1 ? [] : [ChainLink("moved\(axis)", .transpose(permutation: permutation))]
    return move + [ChainLink("resized\(axis)", .dense, [weights])] + move
  }

  /// The extrapolation value for the elements of the output that are outside the input along any axis, 0 for the others; nil
  /// if there are none.
  private func outside(_ scales: [AxisScale], _ mode: ResizeMode, _ graph: inout GraphBuilder) throws(Refusal) -> Int? {
    let isOutside = scales.map { scale in
      scale.isUnchanged ? [false] : (0..<scale.output).map { mode.isOutside($0, scale) }
    }
    guard isOutside.contains(where: { $0.contains(true) }) else { return nil }
    let elements = isOutside.reduce([false]) { outer, axis in outer.flatMap { outside in axis.map { outside || $0 } } }
    return try graph.constant(step: "outside", self, shape: isOutside.map(\.count), elements.map { $0 ? mode.extrapolation : 0 })
  }
}

import NNQFloat

extension NodeReader {
  /// Padding with a constant or with elements of the tensor; negative padding crops first.
  func pad(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let (before, after) = try paddings(rank: x.shape.count)
    let cropped = try cropped(x, before, after, &graph)
    let (added, behind) = (before.map { max($0, 0) }, after.map { max($0, 0) })
    let axes = added.indices.filter { added[$0] + behind[$0] > 0 }
    let mode = try text("mode") ?? "constant"
    guard !axes.isEmpty else { return .value(cropped, shape: graph.shape(of: cropped)) }
    guard mode != "constant" else {
      let value = try float("value", orOperand: 2) ?? 0
      return try graph.append(.pad(before: added, after: behind, value: value), self, inputs: [cropped])
    }
    let shape = graph.shape(of: cropped)
    var picks: [AxisPick] = []
    for axis in axes {
      let source = try source(extent: shape[axis], mode)
      picks.append(AxisPick(axis: axis, count: added[axis] + shape[axis] + behind[axis]) { source($0 - added[axis]) })
    }
    return try taken(cropped, picks, &graph)
  }

  /// For each axis the elements added before and after; negative numbers take away.
  private func paddings(rank: Int) throws(Refusal) -> (before: [Int], after: [Int]) {
    let attribute = opset < 2 ? "paddings" : "pads"
    guard let pads = try integers(attribute, orOperand: 1) else {
      throw Refusal(.missingOperand, at: place, "pads are missing")
    }
    let axes = try axes(optionalIntegers(3) ?? Array(0..<rank), rank: rank)
    guard pads.count == 2 * axes.count else {
      throw Refusal(.invalidOperand, at: place, "\(pads.count) pads for \(axes.count) axes")
    }
    let limit = 1 << 24
    for pad in pads where !(-limit...limit).contains(pad) {
      throw Refusal(.invalidOperand, at: place, "padding \(pad) is not in \(-limit)...\(limit)")
    }
    var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
    for (index, axis) in axes.enumerated() { (before[axis], after[axis]) = (pads[index], pads[index + axes.count]) }
    return (before, after)
  }

  private func cropped(
    _ x: (index: Int, shape: [Int]), _ before: [Int], _ after: [Int], _ graph: inout GraphBuilder
  ) throws(Refusal) -> Int {
    guard (before + after).contains(where: { $0 < 0 }) else { return x.index }
    let begin = before.map { max(-$0, 0) }
    let extents = x.shape.indices.map { x.shape[$0] - begin[$0] - max(-after[$0], 0) }
    let slice = FloatOperation.slice(begin: begin, step: begin.map { _ in 1 })
    return try graph.append(step: "cropped", slice, self, inputs: [x.index], shape: extents)
  }

  /// The element of an axis that each place in and around it holds.
  private func source(extent: Int, _ mode: String) throws(Refusal) -> (Int) -> Int {
    switch mode {
    case "edge": return { min(max($0, 0), extent - 1) }
    case "wrap": return { modulo($0, extent) }
    case "reflect":
      // There and back again, without the ends twice.
      let period = max(2 * (extent - 1), 1)
      return { place in
        let position = modulo(place, period)
        return min(position, period - position, extent - 1)
      }
    default: throw Refusal(.unsupportedAttribute, at: place("mode"), "'\(mode)' is not one of constant, edge, reflect, wrap")
    }
  }

  private func modulo(_ value: Int, _ period: Int) -> Int { (value % period + period) % period }
}

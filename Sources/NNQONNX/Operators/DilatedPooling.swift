import NNQFloat

/// Pools whose windows `FloatWindow` does not express, by operations that every executor has.
extension NodeReader {
  /// Along one axis after the other the largest of copies of x, one for each tap, each gathered. A tap in the padding repeats
  /// another one of its window, which does not change the largest.
  func dilatedMaxPool(_ x: Int, _ window: ResolvedWindow, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    // Axes without a choice come first, so that the last operation compares.
    let axes = window.kernel.indices.sorted { (min(window.kernel[$0], 2), $0) < (min(window.kernel[$1], 2), $1) }
    var value = x
    for axis in axes {
      let extent = graph.shape(of: value)[axis + 2]
      let windows = window.taps(axis, extent: extent).map { taps in taps.filter { (0..<extent).contains($0) } }
      guard !windows.isEmpty, windows.allSatisfy({ !$0.isEmpty }) else {
        throw Refusal(.invalidShape, at: place, "a window along axis \(axis + 2) holds padding alone, or exceeds it")
      }
      var copies: [Int] = []
      for tap in 0..<window.kernel[axis] {
        let pick = AxisPick(axis: axis + 2, count: windows.count) { windows[$0][min(tap, windows[$0].count - 1)] }
        copies.append(try picked(value, pick, &graph))
      }
      let isLast = axis == axes.last
      value = copies[0]
      for copy in copies.dropFirst(1).dropLast(isLast ? 1 : 0) {
        value = try graph.append(step: "largest", .binary(.maximum), self, inputs: [value, copy])
      }
      if isLast { return try graph.append(.binary(.maximum), self, inputs: [value, copies[copies.count - 1]]) }
    }
    return .value(value, shape: graph.shape(of: value))
  }

  /// A depthwise convolution that sums each window, and a product with one over the number of its taps that count.
  ///
  /// - Parameter counting: how much padding counts as zeros; begin of each spatial axis, then end of each.
  func weightedAveragePool(
    _ x: Int, _ window: ResolvedWindow, counting: [Int], _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    let shape = graph.shape(of: x)
    let spatialCount = window.kernel.count
    let counts = window.kernel.indices.map { axis in
      let counted = -counting[axis]..<shape[axis + 2] + counting[axis + spatialCount]
      return window.taps(axis, extent: shape[axis + 2]).map { taps in taps.count { counted.contains($0) } }
    }
    let shares = counts.reduce([1]) { outer, axis in outer.flatMap { count in axis.map { count * $0 } } }.map { 1 / Float($0) }
    let isUniform = shares.allSatisfy { $0 == shares[0] }
    let weightShape = [shape[1], 1] + window.kernel
    let weight = isUniform ? shares.first ?? 1 : 1
    let weights = try graph.constant(
      step: "weights", self, shape: weightShape, [Float](repeating: weight, count: HostTensor.elementCount(weightShape) ?? 0))
    let conv = FloatOperation.conv(
      FloatConv(strides: window.strides, dilations: window.dilations, pads: window.pads, groups: shape[1]))
    guard !isUniform else { return try graph.append(conv, self, inputs: [x, weights]) }
    let sums = try graph.append(step: "sums", conv, self, inputs: [x, weights])
    let factors = try graph.constant(step: "shares", self, shape: [1, 1] + counts.map(\.count), shares)
    return try graph.append(.binary(.mul), self, inputs: [sums, factors])
  }
}

import NNQFloat

extension NodeReader {
  func maxPool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let (window, _) = try poolWindow(over: x.shape)
    guard !window.isDilated else { return try dilatedMaxPool(x.index, window, &graph) }
    return try graph.append(.maxPool(FloatWindow(window)), self, inputs: [x.index])
  }

  func averagePool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let countIncludePad = try flag("count_include_pad")
    let (window, statedPads) = try poolWindow(over: x.shape)
    // ONNX does not count the positions that ceil_mode adds, a padded window would.
    guard !window.isDilated, !countIncludePad || window.pads == statedPads else {
      return try weightedAveragePool(x.index, window, counting: countIncludePad ? statedPads : statedPads.map { _ in 0 }, &graph)
    }
    return try graph.append(.averagePool(FloatWindow(window), countIncludePad: countIncludePad), self, inputs: [x.index])
  }

  func globalAveragePool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try graph.append(.globalAveragePool, self, inputs: [value(0).index])
  }

  func globalMaxPool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    return try graph.append(.reduce(.max, axes: Array(x.shape.indices.dropFirst(2))), self, inputs: [x.index])
  }

  /// - Returns: the window, padded at the end as ceil_mode wants it, and the paddings without that.
  private func poolWindow(over shape: [Int]) throws(Refusal) -> (window: ResolvedWindow, statedPads: [Int]) {
    try checkSpatial(shape)
    var window = try window(over: shape)
    let statedPads = window.pads
    if try flag("ceil_mode") { window.roundUp(over: Array(shape[2...])) }
    return (window, statedPads)
  }
}

extension FloatWindow {
  fileprivate init(_ window: ResolvedWindow) { self.init(kernel: window.kernel, strides: window.strides, pads: window.pads) }
}

extension ResolvedWindow {
  /// Pads the end of each axis so far that the last, partial window becomes a whole one. A window that would start in the
  /// padding at the end is left out, as ONNX says.
  fileprivate mutating func roundUp(over spatial: [Int]) {
    let count = spatial.count
    for axis in 0..<count {
      let padded = spatial[axis] + pads[axis] + pads[axis + count]
      guard padded >= covered(axis) else { continue }
      let remainder = (padded - covered(axis)) % strides[axis]
      let start = padded - covered(axis) - remainder + strides[axis]
      if remainder > 0, start < spatial[axis] + pads[axis] { pads[axis + count] += strides[axis] - remainder }
    }
  }
}

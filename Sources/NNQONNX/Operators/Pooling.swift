import NNQFloat

extension NodeReader {
  func maxPool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let window = try poolWindow(over: x.shape)
    return try graph.append(.maxPool(window), self, inputs: [x.index])
  }

  func averagePool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let countIncludePad = try flag("count_include_pad")
    // ONNX does not count the positions that ceil_mode adds, a padded window would.
    let window = try poolWindow(over: x.shape, mayGrow: !countIncludePad)
    return try graph.append(.averagePool(window, countIncludePad: countIncludePad), self, inputs: [x.index])
  }

  func globalAveragePool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try graph.append(.globalAveragePool, self, inputs: [value(0).index])
  }

  /// The mean over all axes after the channel axis; another one is refused.
  func reduceMean(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let named = try integers("axes", orOperand: 1) ?? []
    if named.isEmpty, try flag("noop_with_empty_axes") { return try operand(0) }
    let axes = try axes(named, rank: x.shape.count).sorted()
    guard axes.count >= 1, axes == Array(x.shape.indices.dropFirst(2)) else {
      throw Refusal(
        .unsupportedOperand, at: place, "the mean over axes \(axes) of \(x.shape), only that over all axes from 2 on is supported")
    }
    guard try !flag("keepdims", default: true) else { return try graph.append(.globalAveragePool, self, inputs: [x.index]) }
    let pooled = try graph.append(step: "pooled", .globalAveragePool, self, inputs: [x.index])
    return try graph.append(.reshape, self, inputs: [pooled], shape: Array(x.shape[..<2]))
  }

  /// - Parameter mayGrow: whether ceil_mode may be expressed as more padding at the end.
  private func poolWindow(over shape: [Int], mayGrow: Bool = true) throws(Refusal) -> FloatWindow {
    try checkSpatial(shape)
    var window = try window(over: shape)
    guard window.dilations.allSatisfy({ $0 == 1 }) else {
      throw Refusal(.unsupportedAttribute, at: place("dilations"), "\(window.dilations), only 1 is supported for pools")
    }
    if try flag("ceil_mode") {
      let floorPads = window.pads
      window.roundUp(over: Array(shape[2...]))
      guard mayGrow || window.pads == floorPads else {
        throw Refusal(
          .unsupportedAttribute, at: place("ceil_mode"), "it adds windows that count padding (count_include_pad)",
          remedy: "export with ceil_mode or count_include_pad off")
      }
    }
    return FloatWindow(kernel: window.kernel, strides: window.strides, pads: window.pads)
  }
}

extension ResolvedWindow {
  /// Pads the end of each axis so far that the last, partial window becomes a whole one. A window that would start in the
  /// padding at the end is left out, as ONNX says.
  fileprivate mutating func roundUp(over spatial: [Int]) {
    let count = spatial.count
    for axis in 0..<count {
      let padded = spatial[axis] + pads[axis] + pads[axis + count]
      guard padded >= kernel[axis] else { continue }
      let remainder = (padded - kernel[axis]) % strides[axis]
      let start = padded - kernel[axis] - remainder + strides[axis]
      if remainder > 0, start < spatial[axis] + pads[axis] { pads[axis + count] += strides[axis] - remainder }
    }
  }
}

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

  func globalMaxPool(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    return try graph.append(.reduce(.max, axes: Array(x.shape.indices.dropFirst(2))), self, inputs: [x.index])
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

import NNQFloat

/// The window of a convolution or pool: attributes read, padding worked out.
struct ResolvedWindow: Equatable {
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  /// Begin of each spatial axis, then end of each.
  var pads: [Int]

  /// Elements from the first to the last tap along an axis.
  func covered(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

  var isDilated: Bool { kernel.indices.contains { kernel[$0] > 1 && dilations[$0] > 1 } }

  /// For each place of the output along an axis where its taps lie in an input of this extent, padding included.
  func taps(_ axis: Int, extent: Int) -> [[Int]] {
    let room = extent + pads[axis] + pads[axis + kernel.count] - covered(axis)
    guard room >= 0 else { return [] }
    return (0...room / strides[axis]).map { place in
      (0..<kernel[axis]).map { place * strides[axis] - pads[axis] + $0 * dilations[axis] }
    }
  }
}

extension NodeReader {
  /// Inputs with one or two spatial axes are supported.
  func checkSpatial(_ shape: [Int]) throws(Refusal) {
    guard (3...4).contains(shape.count) else {
      throw Refusal(.unsupportedOperand, at: place, "the input has shape \(shape), only one or two spatial axes are supported")
    }
  }

  /// - Parameters:
  ///   - shape: N,C and the spatial extents.
  ///   - kernel: where the operands tell it, as for a convolution; otherwise `kernel_shape` does.
  func window(over shape: [Int], kernel known: [Int]? = nil) throws(Refusal) -> ResolvedWindow {
    let spatial = Array(shape[2...])
    let ones = [Int](repeating: 1, count: spatial.count)
    let stated = try extents("kernel_shape", count: spatial.count, from: 1)
    guard let kernel = stated ?? known else { throw Refusal(.invalidAttribute, at: place("kernel_shape"), "it is missing") }
    try checkExtents(kernel, "kernel_shape", count: spatial.count, from: 1)
    if let known, known != kernel {
      throw Refusal(.invalidAttribute, at: place("kernel_shape"), "\(kernel) for weights of \(known)")
    }
    var window = ResolvedWindow(
      kernel: kernel, strides: try extents("strides", count: spatial.count, from: 1) ?? ones,
      dilations: try extents("dilations", count: spatial.count, from: 1) ?? ones, pads: [])
    window.pads = try pads(of: window, over: spatial)
    return window
  }

  private func pads(of window: ResolvedWindow, over spatial: [Int]) throws(Refusal) -> [Int] {
    let zeros = [Int](repeating: 0, count: 2 * spatial.count)
    switch try text("auto_pad") ?? "NOTSET" {
    case "NOTSET", "": return try extents("pads", count: zeros.count, from: 0) ?? zeros
    case "VALID": return zeros
    case "SAME_UPPER": return samePads(of: window, over: spatial, extraAtEnd: true)
    case "SAME_LOWER": return samePads(of: window, over: spatial, extraAtEnd: false)
    case let mode:
      throw Refusal(.invalidAttribute, at: place("auto_pad"), "'\(mode)' is not one of NOTSET, VALID, SAME_UPPER, SAME_LOWER")
    }
  }

  /// Padding that makes the output ceil(input / stride); an odd element goes to the end or to the begin.
  private func samePads(of window: ResolvedWindow, over spatial: [Int], extraAtEnd: Bool) -> [Int] {
    var (begins, ends): ([Int], [Int]) = ([], [])
    for (axis, input) in spatial.enumerated() {
      let output = (input + window.strides[axis] - 1) / window.strides[axis]
      let total = max(0, (output - 1) * window.strides[axis] + window.covered(axis) - input)
      begins.append(extraAtEnd ? total / 2 : total - total / 2)
      ends.append(total - begins[axis])
    }
    return begins + ends
  }

  /// The window of a transposed convolution: its padding follows from the output's shape where that is given, and
  /// output_padding takes away from the padding at the end.
  func transposedWindow(over spatial: [Int], kernel: [Int], groups: Int) throws(Refusal) -> FloatConv {
    let count = spatial.count
    var window = try window(over: [1, 1] + spatial, kernel: kernel)
    let added = try extents("output_padding", count: count, from: 0) ?? kernel.map { _ in 0 }
    var outputs = try extents("output_shape", count: count, from: 1)
    let mode = try text("auto_pad") ?? "NOTSET"
    if outputs == nil, mode.hasPrefix("SAME") { outputs = zip(spatial, window.strides).map { $0 * $1 } }
    for axis in 0..<count {
      guard let outputs else {
        window.pads[count + axis] -= added[axis]
        continue
      }
      let natural = (spatial[axis] - 1) * window.strides[axis] + (kernel[axis] - 1) * window.dilations[axis] + 1
      let total = max(natural + added[axis] - outputs[axis], 0)
      window.pads[axis] = mode == "SAME_UPPER" ? total / 2 : total - total / 2
      window.pads[count + axis] = natural - window.pads[axis] - outputs[axis]
    }
    return FloatConv(strides: window.strides, dilations: window.dilations, pads: window.pads, groups: groups)
  }

  /// A list of extents, each small enough for products of two to be exact.
  private func extents(_ name: String, count: Int, from least: Int) throws(Refusal) -> [Int]? {
    guard let values = try integers(name) else { return nil }
    try checkExtents(values, name, count: count, from: least)
    return values
  }

  private func checkExtents(_ values: [Int], _ name: String, count: Int, from least: Int) throws(Refusal) {
    guard values.count == count else {
      throw Refusal(.invalidAttribute, at: place(name), "it has \(values.count) entries, expected \(count)")
    }
    for value in values where !(least...65_535).contains(value) {
      throw Refusal(.invalidAttribute, at: place(name), "\(value) is not in \(least)...65535")
    }
  }
}

import NNQFloat

/// Resize and the older Upsample: nearest and linear, along spatial axes.
extension NodeReader {
  func resize(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    guard opset >= 11 else { return try resized(x, axisScales(scales: optionalFloats(1), x.shape), .upsample(self), &graph) }
    let axes = try axes(integers("axes") ?? Array(x.shape.indices), rank: x.shape.count)
    let scales = try optionalFloats(2) ?? []
    guard scales.isEmpty, let sizes = try optionalIntegers(3) else {
      return try resized(x, axisScales(scales: scales, axes: axes, x.shape), ResizeMode(self), &graph)
    }
    return try resized(x, axisScales(sizes: sizes, axes: axes, x.shape), ResizeMode(self), &graph)
  }

  func upsample(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    if let height = try float("height_scale"), let width = try float("width_scale") {
      return try resized(x, axisScales(scales: [1, 1, height, width], x.shape), .upsample(self), &graph)
    }
    let scales = opset < 9 ? try floats("scales") : try optionalFloats(1)
    return try resized(x, axisScales(scales: scales, x.shape), .upsample(self), &graph)
  }

  // MARK: Extents

  private func axisScales(scales: [Float]?, axes: [Int]? = nil, _ shape: [Int]) throws(Refusal) -> [AxisScale] {
    let axes = axes ?? Array(shape.indices)
    guard let scales, scales.count == axes.count else {
      throw Refusal(.invalidOperand, at: place, "\(scales?.count ?? 0) scales for \(axes.count) axes")
    }
    var result = shape.map { AxisScale(input: $0, output: $0, scale: 1) }
    for (axis, scale) in zip(axes, scales) {
      let output = Double(shape[axis]) * Double(scale)
      guard scale.isFinite, (1..<Double(1 << 24)).contains(output) else {
        throw Refusal(.invalidOperand, at: place, "scale \(scale) of axis \(axis), which has \(shape[axis]) elements")
      }
      result[axis] = AxisScale(input: shape[axis], output: Int(output), scale: Double(scale))
    }
    return result
  }

  private func axisScales(sizes: [Int], axes: [Int], _ shape: [Int]) throws(Refusal) -> [AxisScale] {
    guard sizes.count == axes.count, sizes.allSatisfy({ (1..<1 << 24).contains($0) }) else {
      throw Refusal(.invalidOperand, at: place, "sizes \(sizes) for \(axes.count) axes")
    }
    var ratios = zip(axes, sizes).map { Double($1) / Double(shape[$0]) }
    switch try text("keep_aspect_ratio_policy") ?? "stretch" {
    case "stretch": break
    case "not_larger": ratios = ratios.map { _ in ratios.min() ?? 1 }
    case "not_smaller": ratios = ratios.map { _ in ratios.max() ?? 1 }
    case let policy: throw Refusal(.unsupportedAttribute, at: place("keep_aspect_ratio_policy"), "'\(policy)' is not supported")
    }
    var result = shape.map { AxisScale(input: $0, output: $0, scale: 1) }
    for (axis, ratio) in zip(axes, ratios) {
      let output = Int((Double(shape[axis]) * ratio).rounded(.toNearestOrAwayFromZero))
      result[axis] = AxisScale(input: shape[axis], output: output, scale: ratio)
    }
    return result
  }

  // MARK: Places

  private func resized(
    _ x: (index: Int, shape: [Int]), _ scales: [AxisScale], _ mode: ResizeMode, _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    let changed = scales.indices.filter { !scales[$0].isUnchanged }
    guard !changed.isEmpty else { return try operand(0) }
    guard (3...4).contains(x.shape.count), changed.allSatisfy({ $0 >= 2 }) else {
      throw Refusal(
        .unsupportedOperand, at: place, "it resizes axes \(changed) of \(x.shape), only one or two spatial axes are supported")
    }
    if mode.isAntialiased, changed.contains(where: { scales[$0].scale < 1 }) {
      throw Refusal(.unsupportedAttribute, at: place("antialias"), "smoothing while shrinking is not supported")
    }
    var inputs = [x.index]
    for axis in 2..<x.shape.count {
      let scale = scales[axis]
      let places = try graph.constant(
        step: "places\(axis)", self, shape: [scale.output], (0..<scale.output).map { Float(mode.place(of: $0, scale)) })
      inputs.append(places)
    }
    return try graph.append(.resize, self, inputs: inputs)
  }
}

private struct AxisScale {
  var input: Int
  var output: Int
  var scale: Double

  var isUnchanged: Bool { scale == 1 && output == input }
}

/// How a place of the output is found in the input.
private struct ResizeMode {
  private enum Coordinates: String, CaseIterable {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tensorflowHalfPixel = "tf_half_pixel_for_nn"
  }

  private enum Rounding: String, CaseIterable {
    case preferFloor = "round_prefer_floor"
    case preferCeil = "round_prefer_ceil"
    case floor
    case ceil
  }

  private var coordinates: Coordinates
  /// Nil for linear interpolation.
  private var rounding: Rounding?
  var isAntialiased: Bool

  init(_ node: NodeReader) throws(Refusal) {
    coordinates = try node.choice("coordinate_transformation_mode", default: Coordinates.halfPixel)
    rounding = try node.isNearest() ? try node.choice("nearest_mode", default: Rounding.preferFloor) : nil
    isAntialiased = try node.flag("antialias")
  }

  private init(_ coordinates: Coordinates, _ rounding: Rounding?) {
    (self.coordinates, self.rounding, isAntialiased) = (coordinates, rounding, false)
  }

  /// What operator sets before 11 mean.
  static func upsample(_ node: NodeReader) throws(Refusal) -> ResizeMode { ResizeMode(.asymmetric, try node.isNearest() ? .floor : nil) }

  /// - Returns: in 0...input-1; a whole number where the nearest element is meant.
  func place(of index: Int, _ axis: AxisScale) -> Double {
    if axis.isUnchanged { return Double(index) }
    let place = rounded(coordinate(of: Double(index), axis))
    return min(max(place, 0), Double(axis.input - 1))
  }

  private func coordinate(of index: Double, _ axis: AxisScale) -> Double {
    let input = Double(axis.input)
    // Of which the output has the whole elements alone.
    let output = axis.scale * input
    switch coordinates {
    case .halfPixel: return (index + 0.5) / axis.scale - 0.5
    case .halfPixelSymmetric:
      let adjustment = Double(axis.output) / output
      return input / 2 * (1 - adjustment) + (index + 0.5) / axis.scale - 0.5
    case .pytorchHalfPixel: return axis.output > 1 ? (index + 0.5) / axis.scale - 0.5 : 0
    case .alignCorners: return axis.output > 1 ? index * (input - 1) / (output - 1) : 0
    case .asymmetric: return index / axis.scale
    case .tensorflowHalfPixel: return (index + 0.5) / axis.scale
    }
  }

  private func rounded(_ place: Double) -> Double {
    switch rounding {
    case nil: place
    case .preferFloor: (place - 0.5).rounded(.up)
    case .preferCeil: (place + 0.5).rounded(.down)
    case .floor: place.rounded(.down)
    case .ceil: place.rounded(.up)
    }
  }
}

extension NodeReader {
  fileprivate func isNearest() throws(Refusal) -> Bool {
    switch try text("mode") ?? "nearest" {
    case "nearest": return true
    case "linear", "bilinear": return false
    case let mode:
      throw Refusal(
        .unsupportedAttribute, at: place("mode"), "'\(mode)', only nearest and linear are supported",
        remedy: "export the model with one of them")
    }
  }

  /// An attribute that is one of some words.
  fileprivate func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ attribute: String, default initial: Word
  ) throws(Refusal) -> Word {
    guard let word = try text(attribute) else { return initial }
    guard let choice = Word(rawValue: word) else {
      let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw Refusal(.unsupportedAttribute, at: place(attribute), "'\(word)' is not one of \(words)")
    }
    return choice
  }
}

import NNQFloat

/// Resize and the older Upsample.
extension NodeReader {
  func resize(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    guard opset >= 11 else { return try resized(x, axisScales(scales: optionalFloats(1), x.shape), .upsample(self), &graph) }
    let axes = try axes(integers("axes") ?? Array(x.shape.indices), rank: x.shape.count)
    let (scales, mode) = (try optionalFloats(2) ?? [], try ResizeMode(self))
    var axisScales = x.shape.map { AxisScale(extent: $0) }
    if scales.isEmpty, let sizes = try optionalIntegers(3) {
      axisScales = try self.axisScales(sizes: sizes, axes: axes, x.shape)
    } else {
      axisScales = try self.axisScales(scales: scales, axes: axes, x.shape)
    }
    if mode.crops { try crop(&axisScales, axes: axes) }
    return try resized(x, axisScales, mode, &graph)
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
    var result = shape.map { AxisScale(extent: $0) }
    for (axis, scale) in zip(axes, scales) {
      let output = Double(shape[axis]) * Double(scale)
      guard scale.isFinite, (1..<Double(1 << 24)).contains(output) else {
        throw Refusal(.invalidOperand, at: place, "scale \(scale) of axis \(axis), which has \(shape[axis]) elements")
      }
      (result[axis].output, result[axis].scale) = (Int(output), Double(scale))
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
    var result = shape.map { AxisScale(extent: $0) }
    for (axis, ratio) in zip(axes, ratios) {
      let output = Int((Double(shape[axis]) * ratio).rounded(.toNearestOrAwayFromZero))
      (result[axis].output, result[axis].scale) = (output, ratio)
    }
    return result
  }

  /// The part of each axis that becomes the output: operand 1 holds where it starts for each axis, then where it ends, as
  /// shares of the axis.
  private func crop(_ scales: inout [AxisScale], axes: [Int]) throws(Refusal) {
    let region = try optionalFloats(1) ?? []
    guard region.count == 2 * axes.count, region.allSatisfy(\.isFinite) else {
      throw Refusal(.invalidOperand, at: place, "a region of \(region.count) finite numbers for \(axes.count) axes")
    }
    for (index, axis) in axes.enumerated() {
      scales[axis].crop = (Double(region[index]), Double(region[index + axes.count]))
    }
  }

  // MARK: Places

  private func resized(
    _ x: (index: Int, shape: [Int]), _ scales: [AxisScale], _ mode: ResizeMode, _ graph: inout GraphBuilder
  ) throws(Refusal) -> Operand {
    let changed = scales.indices.filter { !scales[$0].isUnchanged }
    guard !changed.isEmpty else { return try operand(0) }
    let isInterpolation = (3...4).contains(x.shape.count) && changed.allSatisfy { $0 >= 2 && mode.interpolates(scales[$0]) }
    guard isInterpolation else { return try summed(x.index, scales, changed, mode, &graph) }
    var inputs = [x.index]
    for axis in 2..<x.shape.count {
      let scale = scales[axis]
      let places = try graph.constant(
        step: "places\(axis)", self, shape: [scale.output], (0..<scale.output).map { Float(mode.clampedPlace(of: $0, scale)) })
      inputs.append(places)
    }
    return try graph.append(.resize, self, inputs: inputs)
  }
}

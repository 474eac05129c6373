/// How one axis is resized.
struct AxisScale {
  var input: Int
  var output: Int
  /// Output per input; the output has the whole elements alone.
  var scale: Double
  /// The part of the axis that becomes the output, in shares of it.
  var crop = (start: 0.0, end: 1.0)

  /// An axis that stays as it is.
  init(extent: Int) { (input, output, scale) = (extent, extent, 1) }

  var isUnchanged: Bool { scale == 1 && output == input && crop == (0, 1) }
}

/// How elements of the output are found in the input.
struct ResizeMode {
  private enum Coordinates: String, CaseIterable {
    case halfPixel = "half_pixel"
    case halfPixelSymmetric = "half_pixel_symmetric"
    case pytorchHalfPixel = "pytorch_half_pixel"
    case alignCorners = "align_corners"
    case asymmetric
    case tensorflowHalfPixel = "tf_half_pixel_for_nn"
    case cropAndResize = "tf_crop_and_resize"
  }

  private enum Rounding: String, CaseIterable {
    case preferFloor = "round_prefer_floor"
    case preferCeil = "round_prefer_ceil"
    case floor
    case ceil
  }

  private enum Interpolation {
    case nearest(Rounding)
    case linear
    /// With the second derivative's parameter.
    case cubic(a: Double)
  }

  private var coordinates: Coordinates
  private var interpolation: Interpolation
  /// Whether more elements weigh in where an axis shrinks.
  private var isAntialiased = false
  private var excludesOutside = false
  /// What is outside the input, where the mode crops.
  private(set) var extrapolation: Float = 0

  init(_ node: NodeReader) throws(Refusal) {
    coordinates = try node.choice("coordinate_transformation_mode", default: Coordinates.halfPixel)
    switch try node.text("mode") ?? "nearest" {
    case "nearest": interpolation = .nearest(try node.choice("nearest_mode", default: Rounding.preferFloor))
    case "linear": interpolation = .linear
    case "cubic": interpolation = .cubic(a: Double(try node.float("cubic_coeff_a") ?? -0.75))
    case let mode: throw Refusal(.invalidAttribute, at: node.place("mode"), "'\(mode)' is not one of nearest, linear, cubic")
    }
    isAntialiased = try node.flag("antialias")
    excludesOutside = try node.flag("exclude_outside")
    extrapolation = try node.float("extrapolation_value") ?? 0
  }

  private init(_ coordinates: Coordinates, _ interpolation: Interpolation) {
    (self.coordinates, self.interpolation) = (coordinates, interpolation)
  }

  /// What operator sets before 11 mean.
  static func upsample(_ node: NodeReader) throws(Refusal) -> ResizeMode {
    switch try node.text("mode") ?? "nearest" {
    case "nearest": return ResizeMode(.asymmetric, .nearest(.floor))
    case "linear", "bilinear": return ResizeMode(.asymmetric, .linear)
    case let mode: throw Refusal(.invalidAttribute, at: node.place("mode"), "'\(mode)' is not one of nearest, linear, bilinear")
    }
  }

  var crops: Bool { coordinates == .cropAndResize }

  // MARK: Places

  /// Whether each element of the output lies between two of the input.
  func interpolates(_ axis: AxisScale) -> Bool {
    if crops { return axis.isUnchanged }
    switch interpolation {
    case .nearest: return true
    case .linear: return !isAntialiased || axis.scale >= 1
    case .cubic: return false
    }
  }

  /// - Returns: in 0...input-1; a whole number where the nearest element is meant.
  func clampedPlace(of index: Int, _ axis: AxisScale) -> Double {
    if axis.isUnchanged { return Double(index) }
    return min(max(rounded(place(of: index, axis)), 0), Double(axis.input - 1))
  }

  private func place(of index: Int, _ axis: AxisScale) -> Double {
    let (index, input) = (Double(index), Double(axis.input))
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
    case .cropAndResize:
      let (start, end) = axis.crop
      let share = axis.output > 1 ? start + index * (end - start) / Double(axis.output - 1) : 0.5 * (start + end)
      return share * (input - 1)
    }
  }

  private func rounded(_ place: Double) -> Double {
    guard case .nearest(let rounding) = interpolation else { return place }
    return switch rounding {
    case .preferFloor: (place - 0.5).rounded(.up)
    case .preferCeil: (place + 0.5).rounded(.down)
    case .floor: place.rounded(.down)
    case .ceil: place.rounded(.up)
    }
  }

  // MARK: Weights

  /// Whether an element of the output is beyond the input, where the mode extrapolates.
  func isOutside(_ index: Int, _ axis: AxisScale) -> Bool {
    crops && !axis.isUnchanged && !(0...Double(axis.input - 1)).contains(place(of: index, axis))
  }

  /// What the elements of the input weigh in one of the output.
  func weights(of index: Int, _ axis: AxisScale) -> [Float] {
    let place = place(of: index, axis)
    var weights = [Double](repeating: 0, count: axis.input)
    guard !isOutside(index, axis) else { return weights.map { Float($0) } }
    if case .nearest = interpolation {
      weights[Int(clampedPlace(of: index, axis))] = 1
      return weights.map { Float($0) }
    }
    // Antialiasing stretches the kernel over all that an element of the output covers.
    let density = isAntialiased ? min(axis.scale, 1) : 1
    let reach = kernelReach / density
    for source in stride(from: (place - reach).rounded(.up), through: place + reach, by: 1) {
      let nearest = min(max(source, 0), Double(axis.input - 1))
      guard nearest == source || !excludesOutside else { continue }
      weights[Int(nearest)] += kernel(abs(source - place) * density)
    }
    let sum = weights.reduce(0, +)
    return weights.map { Float($0 / sum) }
  }

  /// Beyond which nothing weighs in.
  private var kernelReach: Double { if case .cubic = interpolation { 2 } else { 1 } }

  /// - Parameter distance: 0 or more.
  private func kernel(_ distance: Double) -> Double {
    guard case .cubic(let a) = interpolation else { return max(1 - distance, 0) }
    return switch distance {
    case ..<1: ((a + 2) * distance - (a + 3)) * distance * distance + 1
    case ..<2: ((distance - 5) * distance + 8) * distance * a - 4 * a
    default: 0
    }
  }
}

extension NodeReader {
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

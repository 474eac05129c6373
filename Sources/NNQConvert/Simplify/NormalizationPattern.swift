import NNQFloat

/// A normalisation that an exporter wrote out: x, less its mean over some axes or not, over the root of the mean square of
/// that.
struct NormalizationPattern: Equatable {
  var x: Int
  var axes: [Int]
  var subtractsMean: Bool
  var epsilon: Float
}

/// Finds such normalisations. Values are indices into the graph.
struct NormalizationMatcher {
  private let graph: FloatGraph
  private let producers: [Int?]

  /// Mean of the squares of a value over some axes, with the epsilon that is added to it.
  private struct MeanSquare {
    var value: Int
    /// Whether the square of the mean is subtracted: then it is that of the value less its mean.
    var isVariance = false
    var axes: [Int]
    var epsilon: Float
  }

  init(_ graph: FloatGraph) {
    self.graph = graph
    producers = graph.producers()
  }

  /// The normalisation whose result is `value`: a deviation divided by the root, or times its reciprocal, which may have
  /// taken in a constant scale.
  func pattern(of value: Int) -> (pattern: NormalizationPattern, scale: Int?)? {
    if let (deviation, root) = operands(of: value, .div), let square = meanSquare(underRoot: root) {
      return pattern(of: deviation, over: square).map { ($0, nil) }
    }
    guard let (a, b) = operands(of: value, .mul) else { return nil }
    for (deviation, factor) in [(a, b), (b, a)] {
      if let (square, scale) = meanSquare(underScaledRoot: factor), let pattern = pattern(of: deviation, over: square) {
        return (pattern, scale)
      }
    }
    return nil
  }

  /// x * s + (bias - mean * s) with s a reciprocal root times a scale, as TensorFlow writes it.
  func factoredPattern(of value: Int) -> (pattern: NormalizationPattern, scale: Int?, bias: Int)? {
    guard let (a, b) = operands(of: value, .add) else { return nil }
    for (scaled, offset) in [(a, b), (b, a)] {
      guard let (bias, shift) = operands(of: offset, .sub), graph.values[bias].constant != nil,
        let (x, factor) = commutedOperands(of: scaled, .mul, where: { meanSquare(underScaledRoot: $0) != nil }),
        let (square, scale) = meanSquare(underScaledRoot: factor),
        let (mean, _) = commutedOperands(of: shift, .mul, where: { $0 == factor }),
        isMean(mean, of: x, over: square.axes), isCentred(square, of: x)
      else { continue }
      return (NormalizationPattern(x: x, axes: square.axes, subtractsMean: true, epsilon: square.epsilon), scale, bias)
    }
    return nil
  }

  private func pattern(of deviation: Int, over square: MeanSquare) -> NormalizationPattern? {
    if let (x, mean) = operands(of: deviation, .sub), isMean(mean, of: x, over: square.axes),
      square.value == deviation && !square.isVariance || isCentred(square, of: x)
    {
      return NormalizationPattern(x: x, axes: square.axes, subtractsMean: true, epsilon: square.epsilon)
    }
    guard square.value == deviation, !square.isVariance else { return nil }
    return NormalizationPattern(x: deviation, axes: square.axes, subtractsMean: false, epsilon: square.epsilon)
  }

  // MARK: Parts

  /// The second of two operands is the one that `isSecond` tells.
  private func commutedOperands(of value: Int, _ operation: FloatBinary, where isSecond: (Int) -> Bool) -> (Int, Int)? {
    guard let (a, b) = operands(of: value, operation) else { return nil }
    return isSecond(b) ? (a, b) : isSecond(a) ? (b, a) : nil
  }

  /// Whether it is the mean square of x less its mean.
  private func isCentred(_ square: MeanSquare, of x: Int) -> Bool {
    if square.isVariance { return square.value == x }
    guard let (minuend, mean) = operands(of: square.value, .sub) else { return false }
    return minuend == x && isMean(mean, of: x, over: square.axes)
  }

  private func isMean(_ value: Int, of x: Int, over axes: [Int]) -> Bool {
    guard let mean = mean(value) else { return false }
    return mean.value == x && mean.axes == axes && keepsAxes(value, of: x, reduced: axes)
  }

  /// Whether a value lines up with x as one that has extent 1 along the reduced axes.
  private func keepsAxes(_ value: Int, of x: Int, reduced axes: [Int]) -> Bool {
    let (shape, own) = (graph.values[x].shape, graph.values[value].shape)
    let padded = [Int](repeating: 1, count: max(shape.count - own.count, 0)) + own
    return padded == shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
  }

  private func mean(_ value: Int) -> (value: Int, axes: [Int])? {
    guard let node = producer(of: squeezed(value)) else { return nil }
    switch node.operation {
    case .reduce(.mean, let axes): return (node.inputs[0], axes)
    case .globalAveragePool: return (node.inputs[0], Array(2..<graph.values[node.inputs[0]].shape.count))
    case .binary(.mul), .binary(.div): return meanBySum(node)
    default: return nil
    }
  }

  /// A sum times one over the number of its elements, or divided by it.
  private func meanBySum(_ node: FloatNode) -> (value: Int, axes: [Int])? {
    let isProduct = node.operation == .binary(.mul)
    for (sum, number) in [(node.inputs[0], node.inputs[1])] + (isProduct ? [(node.inputs[1], node.inputs[0])] : []) {
      guard let number = scalar(number), let reduction = producer(of: squeezed(sum)),
        case .reduce(.sum, let axes) = reduction.operation
      else { continue }
      let count = Float(axes.reduce(1) { $0 * graph.values[reduction.inputs[0]].shape[$1] })
      if abs((isProduct ? number * count : number / count) - 1) < 1e-5 { return (reduction.inputs[0], axes) }
    }
    return nil
  }

  /// The value without the reshapes that add or remove axes of one element.
  private func squeezed(_ value: Int) -> Int {
    var value = value
    while let node = producer(of: value), node.operation == .reshape,
      graph.values[node.inputs[0]].shape.filter({ $0 != 1 }) == graph.values[value].shape.filter({ $0 != 1 })
    {
      value = node.inputs[0]
    }
    return value
  }

  /// Of a value that is 1 / sqrt(mean square + epsilon), times a constant scale or not.
  private func meanSquare(underScaledRoot value: Int) -> (MeanSquare, scale: Int?)? {
    if let square = meanSquare(underReciprocalRoot: value) { return (square, nil) }
    guard let (a, b) = operands(of: value, .mul) else { return nil }
    for (root, scale) in [(a, b), (b, a)] where graph.values[scale].constant != nil {
      if let square = meanSquare(underReciprocalRoot: root) { return (square, scale) }
    }
    return nil
  }

  private func meanSquare(underReciprocalRoot value: Int) -> MeanSquare? {
    if let argument = argument(of: value, .reciprocal) { return meanSquare(underRoot: argument) }
    if let (one, root) = operands(of: value, .div), scalar(one) == 1 { return meanSquare(underRoot: root) }
    if let (base, exponent) = operands(of: value, .pow), scalar(exponent) == -0.5 { return meanSquare(base) }
    return nil
  }

  private func meanSquare(underRoot value: Int) -> MeanSquare? {
    if let argument = argument(of: value, .sqrt) { return meanSquare(argument) }
    if let (base, exponent) = operands(of: value, .pow), scalar(exponent) == 0.5 { return meanSquare(base) }
    return nil
  }

  private func meanSquare(_ value: Int) -> MeanSquare? {
    let value = squeezed(value)
    if let variance = variance(value) { return variance }
    if let (a, b) = operands(of: value, .add) {
      for (square, epsilon) in [(a, b), (b, a)] {
        if let epsilon = scalar(epsilon), epsilon >= 0, var known = meanSquare(square) {
          known.epsilon += epsilon
          return known
        }
      }
      return nil
    }
    guard let (square, axes) = mean(value) else { return nil }
    if let (base, exponent) = operands(of: square, .pow), scalar(exponent) == 2 {
      return MeanSquare(value: base, axes: axes, epsilon: 0)
    }
    guard let (a, b) = operands(of: square, .mul), a == b else { return nil }
    return MeanSquare(value: a, axes: axes, epsilon: 0)
  }

  /// The mean square less the square of the mean, which cannot be below zero and may be clamped there.
  private func variance(_ value: Int) -> MeanSquare? {
    if let node = producer(of: value), case .unary(.clip(let lo, let hi)) = node.operation, lo <= 0, hi >= Self.unbounded {
      return variance(squeezed(node.inputs[0]))
    }
    guard let (square, other) = operands(of: value, .sub), let known = meanSquare(square), known.epsilon == 0,
      !known.isVariance, let (a, b) = operands(of: squeezed(other), .mul), a == b,
      let mean = mean(a), mean.value == known.value, mean.axes == known.axes
    else { return nil }
    return MeanSquare(value: known.value, isVariance: true, axes: known.axes, epsilon: 0)
  }

  /// The bound of clips that have none, in one spelling or another.
  private static let unbounded: Float = .greatestFiniteMagnitude

  private func producer(of value: Int) -> FloatNode? { producers[value].map { graph.nodes[$0] } }

  private func operands(of value: Int, _ operation: FloatBinary) -> (Int, Int)? {
    guard let node = producer(of: value), node.operation == .binary(operation) else { return nil }
    return (node.inputs[0], node.inputs[1])
  }

  private func argument(of value: Int, _ function: FloatFunction) -> Int? {
    guard let node = producer(of: value), node.operation == .unary(.function(function)) else { return nil }
    return node.inputs[0]
  }

  private func scalar(_ value: Int) -> Float? {
    guard let elements = graph.values[value].constant, elements.count == 1 else { return nil }
    return elements[0]
  }
}

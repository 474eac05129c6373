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
    var axes: [Int]
    var epsilon: Float
  }

  init(_ graph: FloatGraph) {
    self.graph = graph
    producers = graph.producers()
  }

  /// The normalisation whose result is `value`: a deviation divided by the root, or times its reciprocal.
  func pattern(of value: Int) -> NormalizationPattern? {
    if let (deviation, root) = operands(of: value, .div), let square = meanSquare(underRoot: root) {
      return pattern(of: deviation, over: square)
    }
    guard let (a, b) = operands(of: value, .mul) else { return nil }
    for (deviation, reciprocal) in [(a, b), (b, a)] {
      if let square = meanSquare(underReciprocalRoot: reciprocal), let pattern = pattern(of: deviation, over: square) { return pattern }
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
        isMean(mean, of: x, over: square.axes), isCentred(square.value, of: x, over: square.axes)
      else { continue }
      return (NormalizationPattern(x: x, axes: square.axes, subtractsMean: true, epsilon: square.epsilon), scale, bias)
    }
    return nil
  }

  private func pattern(of deviation: Int, over square: MeanSquare) -> NormalizationPattern? {
    if let (x, mean) = operands(of: deviation, .sub), isMean(mean, of: x, over: square.axes),
      square.value == deviation || isCentred(square.value, of: x, over: square.axes)
    {
      return NormalizationPattern(x: x, axes: square.axes, subtractsMean: true, epsilon: square.epsilon)
    }
    guard square.value == deviation else { return nil }
    return NormalizationPattern(x: deviation, axes: square.axes, subtractsMean: false, epsilon: square.epsilon)
  }

  // MARK: Parts

  /// The second of two operands is the one that `isSecond` tells.
  private func commutedOperands(of value: Int, _ operation: FloatBinary, where isSecond: (Int) -> Bool) -> (Int, Int)? {
    guard let (a, b) = operands(of: value, operation) else { return nil }
    return isSecond(b) ? (a, b) : isSecond(a) ? (b, a) : nil
  }

  private func isCentred(_ value: Int, of x: Int, over axes: [Int]) -> Bool {
    guard let (minuend, mean) = operands(of: value, .sub) else { return false }
    return minuend == x && isMean(mean, of: x, over: axes)
  }

  private func isMean(_ value: Int, of x: Int, over axes: [Int]) -> Bool {
    guard let mean = mean(value) else { return false }
    return mean.value == x && mean.axes == axes
  }

  private func mean(_ value: Int) -> (value: Int, axes: [Int])? {
    guard let node = producer(of: value) else { return nil }
    switch node.operation {
    case .reduce(.mean, let axes): return (node.inputs[0], axes)
    case .globalAveragePool: return (node.inputs[0], Array(2..<graph.values[node.inputs[0]].shape.count))
    default: return nil
    }
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

import NNQFloat

extension FloatGraph {
  /// Makes normalisations that are written out operation by operation one node each, with the scale and the bias after them.
  mutating func recognizeNormalizations() -> [String] {
    let matcher = NormalizationMatcher(self)
    for index in nodes.indices {
      let value = nodes[index].outputs[0]
      if let (pattern, scale, bias) = matcher.factoredPattern(of: value), let line = replace(index, by: pattern, scale: scale, bias: bias) {
        return [line]
      }
      guard let (pattern, scale) = matcher.pattern(of: value) else { continue }
      let scaled = scale == nil ? follower(of: index, .mul, pattern) : nil
      let shifted = follower(of: scaled?.node ?? index, .add, pattern)
      let last = shifted?.node ?? scaled?.node ?? index
      if let line = replace(last, by: pattern, scale: scale ?? scaled?.constant, bias: shifted?.constant) { return [line] }
    }
    return []
  }

  /// The one node that uses what a node gives, if it combines that with a constant that varies along the normalised axes alone.
  private func follower(of index: Int, _ operation: FloatBinary, _ pattern: NormalizationPattern) -> (node: Int, constant: Int)? {
    let (value, shape) = (nodes[index].outputs[0], values[pattern.x].shape)
    let users = consumers(of: value)
    guard users.count == 1, !outputs.contains(value), nodes[users[0]].operation == .binary(operation),
      let constant = nodes[users[0]].inputs.first(where: { values[$0].constant != nil }),
      values[nodes[users[0]].outputs[0]].shape == shape, elements(constant, absent: 0, over: pattern.axes, of: shape) != nil
    else { return nil }
    return (users[0], constant)
  }

  /// Puts the axes last, normalises over them as one, and moves them back, in place of a node.
  ///
  /// - Returns: nil when scale or bias vary along other axes than those.
  private mutating func replace(_ index: Int, by pattern: NormalizationPattern, scale: Int?, bias: Int?) -> String? {
    let (node, shape) = (nodes[index], values[pattern.x].shape)
    let length = pattern.axes.reduce(1) { $0 * shape[$1] }
    guard let gain = elements(scale, absent: 1, over: pattern.axes, of: shape),
      let offset = elements(bias, absent: 0, over: pattern.axes, of: shape)
    else { return nil }
    let norm = FloatLayerNorm(subtractsMean: pattern.subtractsMean, epsilon: pattern.epsilon)
    let others = shape.indices.filter { !pattern.axes.contains($0) }
    let order = others + pattern.axes
    let moved = order.map { shape[$0] }
    let flat = others.map { shape[$0] } + [length]
    let constants = [(".gain", gain), (".offset", offset)].map { FloatValue(name: node.name + $0, shape: [length], constant: $1) }
    let chain = [
      ChainLink(operation: .transpose(permutation: order), shape: moved), ChainLink(operation: .reshape, shape: flat),
      ChainLink(operation: .layerNormalization(norm), constants: constants, shape: flat), ChainLink(operation: .reshape, shape: moved),
      ChainLink(operation: .transpose(permutation: shape.indices.map { order.firstIndex(of: $0) ?? $0 }), shape: shape),
    ]
    replace(node: index, by: chain.withoutIdleMoves(of: shape), of: pattern.x)
    return "\(node.name): recognized as \(norm.subtractsMean ? "layer" : "root mean square") normalization over axes \(pattern.axes)"
  }

  /// One element for each index over some axes, of a constant that broadcasts to a shape and varies along no other axis.
  private func elements(_ constant: Int?, absent: Float, over axes: [Int], of shape: [Int]) -> [Float]? {
    let count = axes.reduce(1) { $0 * shape[$1] }
    guard let constant else { return [Float](repeating: absent, count: count) }
    let own = values[constant].shape
    let padded = [Int](repeating: 1, count: max(shape.count - own.count, 0)) + own
    guard let elements = values[constant].constant, padded.count == shape.count,
      shape.indices.allSatisfy({ padded[$0] == 1 || (axes.contains($0) && padded[$0] == shape[$0]) })
    else { return nil }
    return axes.reduce([0]) { places, axis in
      places.flatMap { place in (0..<shape[axis]).map { place * padded[axis] + (padded[axis] == 1 ? 0 : $0) } }
    }.map { elements[$0] }
  }
}

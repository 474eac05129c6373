import NNQFloat

/// Normalisations by the statistics of the input itself.
extension NodeReader {
  func layerNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try normalized(subtractsMean: true, &graph) }
  func rmsNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand { try normalized(subtractsMean: false, &graph) }

  /// Over the axis and all after it, which are flattened meanwhile.
  private func normalized(subtractsMean: Bool, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    let axis = try axis(integer("axis") ?? -1, rank: shape.count)
    let normalized = Array(shape[axis...])
    let length = normalized.reduce(1, *)
    let norm = FloatLayerNorm(subtractsMean: subtractsMean, epsilon: try float("epsilon") ?? 1e-5)
    let scale = try flatConstant(1, over: normalized, &graph)
    let bias =
      try optionalConstant(2) == nil
      ? graph.constant(step: "bias", self, shape: [length], Array(repeating: 0, count: length))
      : flatConstant(2, over: normalized, &graph)
    let link = ChainLink("normalized", .layerNormalization(norm), [scale, bias])
    guard normalized.count > 1 else { return try graph.append(chain: [link], self, from: x) }
    let flat = ChainLink("flat", .reshape, shape: shape[..<axis] + [length])
    return try graph.append(chain: [flat, link, ChainLink("unflattened", .reshape, shape: shape)], self, from: x)
  }

  /// A constant operand that broadcasts to `shape`, as a vector.
  private func flatConstant(_ index: Int, over shape: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let tensor = try constant(index)
    guard try broadcastShape(tensor.shape, shape) == shape else {
      throw Refusal(.invalidOperand, at: place, "operand \(index) has shape \(tensor.shape), the normalized axes \(shape)")
    }
    let length = shape.reduce(1, *)
    return try graph.constant(self, operand: index, derivation: tensor.shape == [length] ? "" : ".flat", shape: [length]) { values in
      tensor.broadcast(to: shape).floats ?? values
    }
  }

  /// Each channel by its own mean and variance.
  func instanceNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    try groupsNormalized(count: try value(0).shape.dropFirst().first ?? 1, &graph)
  }

  /// Channels in groups, each by its mean and variance.
  func groupNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard let count = try integer("num_groups"), count >= 1 else {
      throw Refusal(.invalidAttribute, at: place("num_groups"), "it is missing, or less than 1")
    }
    return try groupsNormalized(count: count, &graph)
  }

  private func groupsNormalized(count: Int, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    guard shape.count >= 3, shape[1] % count == 0 else {
      throw Refusal(.invalidOperand, at: place, "shape \(shape) does not divide into \(count) groups of channels")
    }
    let length = shape[1...].reduce(1, *) / count
    let norm = FloatLayerNorm(subtractsMean: true, epsilon: try float("epsilon") ?? 1e-5)
    let ones = try graph.constant(step: "ones", self, shape: [length], Array(repeating: 1, count: length))
    let zeros = try graph.constant(step: "zeros", self, shape: [length], Array(repeating: 0, count: length))
    let links = [
      ChainLink("groups", .reshape, shape: [shape[0], count, length]),
      ChainLink("normalized", .layerNormalization(norm), [ones, zeros]), ChainLink("channels", .reshape, shape: shape),
      ChainLink("scaled", .binary(.mul), [try channelConstant(1, shape, &graph)]),
      ChainLink("shifted", .binary(.add), [try channelConstant(2, shape, &graph)]),
    ]
    return try graph.append(chain: links, self, from: x)
  }

  /// A constant operand with one element for each channel, or each group of them, as [C, 1, ...].
  private func channelConstant(_ index: Int, _ shape: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let count = try constant(index).elementCount
    guard count > 0, shape[1] % count == 0 else {
      throw Refusal(.invalidOperand, at: place, "operand \(index) has \(count) elements for \(shape[1]) channels")
    }
    let channelShape = [shape[1]] + shape[2...].map { _ in 1 }
    return try graph.constant(self, operand: index, derivation: ".channels", shape: channelShape) { values in
      (0..<shape[1]).map { values[$0 / (shape[1] / count)] }
    }
  }
}

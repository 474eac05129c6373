import NNQFloat

/// Normalisations by the statistics of the input itself.
extension NodeReader {
  func layerNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> [Operand] {
    let y = try normalized(&graph)
    return node.outputs.count > 1 ? [y] + (try statistics(&graph)) : [y]
  }

  /// Over the axis and all after it, which are flattened meanwhile.
  private func normalized(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    let normalized = Array(shape[try axis(integer("axis") ?? -1, rank: shape.count)...])
    let length = normalized.reduce(1, *)
    let norm = FloatLayerNorm(subtractsMean: true, epsilon: try float("epsilon") ?? 1e-5)
    var factors: [ChainLink] = []
    func vector(_ index: Int, absent: Float, _ operation: FloatBinary) throws(Refusal) -> Int {
      if case .constant? = optional(index) { return try flatConstant(index, over: normalized, &graph) }
      if case .value(let value, shape: _)? = optional(index) { factors.append(ChainLink("affine\(index)", .binary(operation), [value])) }
      return try graph.constant(step: "\(operation)", self, shape: [length], Array(repeating: absent, count: length))
    }
    let operands = [try vector(1, absent: 1, .mul), try vector(2, absent: 0, .add)]
    let flat = normalized.count == 1 ? [] : [ChainLink("flat", .reshape, shape: shape.dropLast(normalized.count) + [length])]
    let unflattened = normalized.count == 1 ? [] : [ChainLink("unflattened", .reshape, shape: shape)]
    let link = ChainLink("normalized", .layerNormalization(norm), operands)
    return try graph.append(chain: flat + [link] + unflattened + factors, self, from: x)
  }

  /// The mean and the reciprocal of the standard deviation, which nets in training have as outputs.
  private func statistics(_ graph: inout GraphBuilder) throws(Refusal) -> [Operand] {
    let (x, shape) = try value(0)
    let axes = Array(try axis(integer("axis") ?? -1, rank: shape.count)..<shape.count)
    let mean = try graph.append(step: "mean", .reduce(.mean, axes: axes), self, inputs: [x])
    let output = try graph.append(.reshape, self, inputs: [mean], shape: graph.shape(of: mean), output: 1)
    let deviation = try graph.append(step: "deviation", .binary(.sub), self, inputs: [x, mean])
    let epsilon = try float("epsilon") ?? 1e-5
    let added = try graph.constant(step: "epsilon", self, shape: [], [epsilon])
    let links = [
      ChainLink("square", .binary(.mul), [deviation]), ChainLink("variance", .reduce(.mean, axes: axes)),
      ChainLink("sum", .binary(.add), [added]), ChainLink("root", .unary(.function(.sqrt))),
    ]
    let root = try graph.append(steps: links, self, from: deviation)
    return [output, try graph.append(.unary(.function(.reciprocal)), self, inputs: [root], output: 2)]
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

import NNQFloat

extension NodeReader {
  /// LRN: x / (bias + alpha * mean of the squares of `size` channels around)^beta. Channels are brought to the last axis, where
  /// their windows are those of a pool that counts its padding.
  func localResponseNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    guard shape.count >= 3 else {
      throw Refusal(.unsupportedOperand, at: place, "the input has shape \(shape), at least one spatial axis is needed")
    }
    guard let size = try integer("size"), (1...65_535).contains(size) else {
      throw Refusal(.invalidAttribute, at: place("size"), "it is missing, or not in 1...65535")
    }
    let toLast = [0] + Array(2..<shape.count) + [1]
    let fromLast = [0, shape.count - 1] + Array(1..<shape.count - 1)
    let pixelCount = shape[2...].reduce(1, *)
    let window = FloatWindow(kernel: [1, size], strides: [1, 1], pads: [0, (size - 1) / 2, 0, size / 2])
    let scalars = [
      try float("alpha") ?? 1e-4, try float("bias") ?? 1, -(try float("beta") ?? 0.75),
    ]
    var constants: [Int] = []
    for (name, value) in zip(["alpha", "bias", "exponent"], scalars) {
      constants.append(try graph.constant(step: name, self, shape: [], [value]))
    }
    let links = [
      ChainLink("square", .binary(.mul), [x]), ChainLink("channelsLast", .transpose(permutation: toLast)),
      ChainLink("rows", .reshape, shape: [shape[0], 1, pixelCount, shape[1]]),
      ChainLink("mean", .averagePool(window, countIncludePad: true)),
      ChainLink("pixels", .reshape, shape: toLast.map { shape[$0] }), ChainLink("channels", .transpose(permutation: fromLast)),
      ChainLink("scaled", .binary(.mul), [constants[0]]), ChainLink("shifted", .binary(.add), [constants[1]]),
      ChainLink("factor", .binary(.pow), [constants[2]]), ChainLink("normalized", .binary(.mul), [x]),
    ]
    return try graph.append(chain: links, self, from: x)
  }

  /// x over its norm along an axis.
  func lpNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    let axis = try axis(integer("axis") ?? -1, rank: shape.count)
    let order = try integer("p") ?? 2
    guard let norm = Reduction(order == 1 ? "ReduceL1" : "ReduceL2"), (1...2).contains(order) else {
      throw Refusal(.unsupportedAttribute, at: place("p"), "\(order), only 1 and 2 are supported")
    }
    let divisor = try graph.append(steps: norm.links(of: x, rank: shape.count, axes: [axis]), self, from: x)
    return try graph.append(.binary(.div), self, inputs: [x, divisor])
  }
}

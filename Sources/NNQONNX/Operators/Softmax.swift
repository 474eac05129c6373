import NNQFloat

extension NodeReader {
  func softmax(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let (x, shape) = try value(0)
    let axes = try softmaxAxes(of: shape)
    guard axes.count > 1 else { return try graph.append(.softmax(axis: axes[0]), self, inputs: [x]) }
    let flat = shape[..<axes[0]] + [shape[axes[0]...].reduce(1, *)]
    let links = [
      ChainLink("flattened", .reshape, shape: Array(flat)), ChainLink("softmax", .softmax(axis: axes[0])),
      ChainLink("softmax", .reshape, shape: shape),
    ]
    return try graph.append(chain: links, self, from: x)
  }

  /// One axis; before operator set 13 that axis and all after it.
  func softmaxAxes(of shape: [Int]) throws(Refusal) -> [Int] {
    let axis = try axis(integer("axis") ?? (opset < 13 ? 1 : -1), rank: shape.count)
    return opset < 13 ? Array(axis..<shape.count) : [axis]
  }
}

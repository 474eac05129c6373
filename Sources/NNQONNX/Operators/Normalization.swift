import NNQFloat

extension NodeReader {
  /// With the stored mean and variance.
  func batchNormalization(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard try !flag("training_mode") else {
      throw Refusal(
        .unsupportedAttribute, at: place("training_mode"), "only inference is supported", remedy: "export the model in evaluation mode")
    }
    guard try flag("spatial", default: true) else {
      throw Refusal(.unsupportedAttribute, at: place("spatial"), "statistics for each element are not supported")
    }
    var inputs = [try value(0).index]
    for index in 1...4 {
      _ = try constant(index)
      inputs.append(try graph.valueOrConstant(self, operand: index))
    }
    return try graph.append(.batchNormalization(epsilon: float("epsilon") ?? 1e-5), self, inputs: inputs)
  }

  /// Over one axis; before opset 13 over that axis and all after it.
  func softmax(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let x = try value(0)
    let axis = try axis(integer("axis") ?? (opset < 13 ? 1 : -1), rank: x.shape.count)
    guard opset < 13, axis < x.shape.count - 1 else {
      return try graph.append(.softmax(axis: axis), self, inputs: [x.index])
    }
    let flat = x.shape[..<axis] + [x.shape[axis...].reduce(1, *)]
    let flattened = try graph.append(step: "flattened", .reshape, self, inputs: [x.index], shape: Array(flat))
    let result = try graph.append(step: "softmax", .softmax(axis: axis), self, inputs: [flattened])
    return try graph.append(.reshape, self, inputs: [result], shape: x.shape)
  }
}

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
}

extension Refusal {
  /// An operator of ONNX that no rule imports, with what helps against its kind.
  static func unsupportedOperator(at place: Place) -> Refusal {
    if quantizedOperators.contains(place.kind) {
      return Refusal(
        .unsupportedOperator, at: place, "the net is quantised already",
        remedy: "convert the float net that it was made from; nnconv quantises it")
    }
    if loopingOperators.contains(place.kind) {
      return Refusal(
        .unsupportedOperator, at: place, "nets that loop over time are not supported",
        remedy: "export the part before or after the loop as a net of its own")
    }
    return Refusal(
      .unsupportedOperator, at: place, "the operator is not supported",
      remedy: "write it with supported operators, or end the net before it and compute it outside")
  }

  /// What works on integers with scales, or makes them.
  private static let quantizedOperators: Set = [
    "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear",
  ]

  private static let loopingOperators: Set = ["GRU", "LSTM", "Loop", "RNN", "Scan", "SequenceMap"]
}

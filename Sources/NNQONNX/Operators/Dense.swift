import NNQFloat

extension NodeReader {
  /// alpha * A * B + beta * C; a dense layer where B and C are constants.
  func gemm(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if case .value = try operand(1) { return try computedGemm(&graph) }
    if case .value? = optional(2) { return try computedGemm(&graph) }
    let x = try value(0)
    let weights = try constant(1)
    guard x.shape.count == 2, weights.shape.count == 2 else {
      throw Refusal(.invalidOperand, at: place, "operands of shape \(x.shape) and \(weights.shape), expected two matrices")
    }
    guard try !flag("transA") else {
      throw Refusal(.unsupportedAttribute, at: place("transA"), "the batch axis would be summed over")
    }
    let alpha = try float("alpha") ?? 1
    var inputs = [x.index, try denseWeights(&graph, rows: try flag("transB") ? .outputs : .inputs, scale: alpha)]
    if let bias = try optionalConstant(2) { inputs.append(try gemmBias(&graph, bias, outputs: graph.shape(of: inputs[1])[0])) }
    return try graph.append(.dense, self, inputs: inputs)
  }

  enum Rows { case inputs, outputs }

  /// Operand 1 as weights[K,C].
  func denseWeights(_ graph: inout GraphBuilder, rows: Rows, scale: Float) throws(Refusal) -> Int {
    let shape = try constant(1).shape
    let derivation = (rows == .inputs ? ".transposed" : "") + (scale == 1 ? "" : ".times(\(scale))")
    let newShape = rows == .inputs ? [shape[1], shape[0]] : shape
    return try graph.constant(self, operand: 1, derivation: derivation, shape: newShape) { values in
      let values = rows == .inputs ? transposedMatrix(values, rows: shape[0], columns: shape[1]) : values
      return scale == 1 ? values : values.map { $0 * scale }
    }
  }

  /// Operand 2 as bias[K]: one element for each output or for all, times beta.
  private func gemmBias(_ graph: inout GraphBuilder, _ bias: HostTensor, outputs: Int) throws(Refusal) -> Int {
    let beta = try float("beta") ?? 1
    let count = bias.elementCount
    guard count == 1 || count == outputs && bias.shape.last == outputs else {
      throw Refusal(
        .unsupportedOperand, at: place, "operand 2 has shape \(bias.shape), expected one element for each of \(outputs) outputs")
    }
    let derivation = (bias.shape == [outputs] ? "" : ".vector(\(outputs))") + (beta == 1 ? "" : ".times(\(beta))")
    return try graph.constant(self, operand: 2, derivation: derivation, shape: [outputs]) { values in
      (count == outputs ? values : [Float](repeating: values[0], count: outputs)).map { $0 * beta }
    }
  }
}

func transposedMatrix(_ values: [Float], rows: Int, columns: Int) -> [Float] {
  var transposed: [Float] = []
  transposed.reserveCapacity(values.count)
  for column in 0..<columns {
    for row in 0..<rows { transposed.append(values[row * columns + column]) }
  }
  return transposed
}

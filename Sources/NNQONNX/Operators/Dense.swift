import NNQFloat

extension NodeReader {
  /// alpha * A * B + beta * C. With a constant B it is a dense layer, of which C is the bias where it has one element for each
  /// column, or one for all; any other C is added behind it.
  func gemm(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard case .constant(let weights) = try operand(1), case .value(let a, let shape) = try operand(0) else {
      return try computedGemm(&graph)
    }
    guard shape.count == 2, weights.shape.count == 2 else {
      throw Refusal(.invalidOperand, at: place, "operands of shape \(shape) and \(weights.shape), expected two matrices")
    }
    let x = try flag("transA") ? graph.append(step: "a", .transpose(permutation: [1, 0]), self, inputs: [a]) : a
    let inputs = [x, try denseWeights(&graph, rows: flag("transB") ? .outputs : .inputs, scale: float("alpha") ?? 1)]
    let outputs = graph.shape(of: inputs[1])[0]
    guard let addend = optional(2) else { return try graph.append(.dense, self, inputs: inputs) }
    if case .constant(let bias) = addend, bias.elementCount == 1 || bias.shape.last == outputs && bias.elementCount == outputs {
      return try graph.append(.dense, self, inputs: inputs + [gemmBias(&graph, bias, outputs: outputs)])
    }
    let product = try graph.append(step: "product", .dense, self, inputs: inputs)
    return try graph.append(.binary(.add), self, inputs: [product, gemmAddend(&graph)])
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
    let derivation = (bias.shape == [outputs] ? "" : ".vector(\(outputs))") + (beta == 1 ? "" : ".times(\(beta))")
    return try graph.constant(self, operand: 2, derivation: derivation, shape: [outputs]) { values in
      (values.count == outputs ? values : [Float](repeating: values[0], count: outputs)).map { $0 * beta }
    }
  }

  /// Operand 2 times beta.
  func gemmAddend(_ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let addend = try graph.valueOrConstant(self, operand: 2)
    guard let beta = try float("beta"), beta != 1 else { return addend }
    let factor = try graph.constant(step: "beta", self, shape: [], [beta])
    return try graph.append(step: "bias", .binary(.mul), self, inputs: [addend, factor])
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

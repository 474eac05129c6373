import NNQFloat

extension NodeReader {
  /// A product of matrices. A constant operand makes it a dense layer.
  func matMul(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    switch (try operand(0), try operand(1)) {
    case (.value(let x, let shape), .constant(let weights)): return try multiply(x, shape, by: weights, &graph)
    case (.constant(let weights), .value(let x, let shape)): return try multiply(weights, by: x, shape, &graph)
    case (.value(let a, let shapeA), .value(let b, let shapeB)):
      guard shapeA.count >= 2, shapeB.count >= 2 else {
        throw Refusal(.unsupportedOperand, at: place, "a product of shapes \(shapeA) and \(shapeB), only matrices are supported")
      }
      return try graph.append(.matMul(scale: 1), self, inputs: [a, b])
    case (.constant, .constant):
      throw Refusal(
        .unsupportedOperand, at: place, "both operands are constants", remedy: "simplify the model so that constants are folded")
    }
  }

  /// x * weights, [..., D] times [1, ..., D, N] or [D].
  private func multiply(_ x: Int, _ shape: [Int], by weights: HostTensor, _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    if weights.shape.count == 1 {
      let vector = try graph.constant(self, operand: 1, derivation: ".row", shape: [1] + weights.shape) { $0 }
      let product = try graph.append(step: "product", .dense, self, inputs: [x, vector])
      return try graph.append(.reshape, self, inputs: [product], shape: shape.dropLast())
    }
    let matrix = try matrixShape(weights)
    let reader = replacing(1, by: weights.reshaped(matrix))
    let inputs = [x, try reader.denseWeights(&graph, rows: .inputs, scale: 1)]
    guard weights.shape.count > max(shape.count, 2) else { return try graph.append(.dense, self, inputs: inputs) }
    let product = try graph.append(step: "product", .dense, self, inputs: inputs)
    let leading = [Int](repeating: 1, count: weights.shape.count - shape.count)
    return try graph.append(.reshape, self, inputs: [product], shape: leading + shape.dropLast() + [matrix[1]])
  }

  /// weights * x, [M, D] times [..., D, N]: the transpose of x^T * weights^T.
  private func multiply(_ weights: HostTensor, by x: Int, _ shape: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard shape.count >= 2, weights.shape.count >= 2 else {
      throw Refusal(.unsupportedOperand, at: place, "a product of shapes \(weights.shape) and \(shape), only matrices are supported")
    }
    let matrix = try matrixShape(weights)
    let swapped = Array(shape.indices.dropLast(2)) + [shape.count - 1, shape.count - 2]
    let columns = try graph.append(step: "columns", .transpose(permutation: swapped), self, inputs: [x])
    let rows = try graph.constant(self, operand: 0, derivation: ".matrix", shape: matrix) { $0 }
    let product = try graph.append(step: "product", .dense, self, inputs: [columns, rows])
    return try graph.append(.transpose(permutation: swapped), self, inputs: [product])
  }

  /// The shape of a constant of which all but the last two axes are 1.
  private func matrixShape(_ weights: HostTensor) throws(Refusal) -> [Int] {
    guard weights.shape.count >= 2, weights.shape.dropLast(2).allSatisfy({ $0 == 1 }) else {
      throw Refusal(
        .unsupportedOperand, at: place, "a constant operand of shape \(weights.shape), only a single matrix is supported")
    }
    return Array(weights.shape.suffix(2))
  }

  /// Gemm whose operands the net computes.
  func computedGemm(_ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    guard try operand(0).shape.count == 2, try operand(1).shape.count == 2 else {
      throw Refusal(
        .invalidOperand, at: place, "operands of shape \(try operand(0).shape) and \(try operand(1).shape), expected two matrices")
    }
    let a = try gemmFactor(0, isTransposed: flag("transA"), &graph)
    let b = try gemmFactor(1, isTransposed: flag("transB"), &graph)
    var links = [ChainLink("product", .matMul(scale: 1), [b])]
    if let alpha = try float("alpha"), alpha != 1 {
      links.append(ChainLink("scaled", .binary(.mul), [try graph.constant(step: "alpha", self, shape: [], [alpha])]))
    }
    if optional(2) != nil { links.append(ChainLink("sum", .binary(.add), [try gemmAddend(&graph)])) }
    return try graph.append(chain: links, self, from: a)
  }

  private func gemmFactor(_ index: Int, isTransposed: Bool, _ graph: inout GraphBuilder) throws(Refusal) -> Int {
    let factor = try graph.valueOrConstant(self, operand: index)
    guard isTransposed else { return factor }
    return try graph.append(step: index == 0 ? "a" : "b", .transpose(permutation: [1, 0]), self, inputs: [factor])
  }

  private func replacing(_ index: Int, by tensor: HostTensor) -> NodeReader {
    var reader = self
    reader.operands[index] = .constant(tensor)
    return reader
  }
}

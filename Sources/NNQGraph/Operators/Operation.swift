/// What a node computes. Spec: operators.md 2 and 3. Operand order and attributes are the spec's.
public enum Operation: Equatable, Sendable {
  case conv2D(Conv2D)
  case dense(Epilogue)
  case add(Add)
  case maxPool(Window)
  case averagePool(AveragePool)
  case softmax
  case table
  case pad(before: [Int], after: [Int], fill: Int32)
  case slice(begin: [Int], step: [Int])
  case reshape
  case concat(axis: Int)
  case multiply(Multiply)
  case maximum
  case minimum
  case requantize(Requantize)
  case transpose(permutation: [Int])
  case take(axis: Int)
  case resize
  case gather
  case reduce(Reduction)
  case matMul(MatMul)
  case layerNorm(LayerNorm)
}

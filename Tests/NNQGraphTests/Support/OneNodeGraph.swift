import NNQFormat
import NNQGraph

extension Tensor {
  static func activation(
    _ name: String, _ shape: [Int], _ type: ElementType = .u8, scale: Float = 1, zeroPoint: Int32 = 0
  ) -> Tensor {
    Tensor(name: name, elementType: type, shape: shape, quantization: Quantization(scale: scale, zeroPoint: zeroPoint))
  }

  static func constant(_ name: String, _ shape: [Int], _ type: ElementType, _ values: [Int]) -> Tensor {
    Tensor(name: name, elementType: type, shape: shape, constant: Constant(values, as: type))
  }

  /// A vector of constants.
  static func constant(_ name: String, _ type: ElementType, _ values: [Int]) -> Tensor {
    constant(name, [values.count], type, values)
  }
}

extension Graph {
  /// One node: activations among its operands are the graph's inputs, its output is the last tensor and the graph's output.
  init(_ operation: NNQGraph.Operation, _ operands: [Tensor], _ output: Tensor) {
    self.init(
      tensors: operands + [output], nodes: [Node(operation, inputs: Array(operands.indices), outputs: [operands.count])],
      inputs: operands.indices.filter { operands[$0].constant == nil }.map { Port(tensor: $0, layout: .asStored) },
      outputs: [Port(tensor: operands.count, layout: .asStored)])
  }

  /// The values of the output for `inputs`, after validation.
  func output(of inputs: [Int32]...) throws -> [Int32] {
    try validate()
    return ReferenceExecutor(self).run(inputs)[outputs[0].tensor] ?? []
  }
}

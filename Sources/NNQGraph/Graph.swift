import NNQFormat

/// An integer model whose every rule has been checked: types, shapes, ranges, overflow bound. Spec: operators.md.
///
/// NNQGraph turns a `ModelFile` of kind `integer` into typed operators (`Graph.init`), computes what they mean
/// (`ReferenceExecutor`), and turns them back (`Graph.modelFile`). NNQRuntime and NNQConvert import it.
public struct Graph: Equatable, Sendable {
  public var tensors: [Tensor]
  /// In execution order: inputs are defined by earlier nodes.
  public var nodes: [Node]
  public var inputs: [Port]
  public var outputs: [Port]

  public init(tensors: [Tensor], nodes: [Node], inputs: [Port], outputs: [Port]) {
    self.tensors = tensors
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// A tensor of an integer graph.
public struct Tensor: Equatable, Sendable {
  public var name: String
  public var elementType: ElementType
  /// For batch 1; rank 4 activations are NHWC.
  public var shape: [Int]
  /// Nil for constants.
  public var quantization: Quantization?
  /// Nil for activations.
  public var constant: Constant?
  /// Of weights whose elements are not in `constant`, because they were packed for the kernels while they were read.
  package var packedSummary: WeightSummary?

  public init(name: String, elementType: ElementType, shape: [Int], quantization: Quantization? = nil, constant: Constant? = nil) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.quantization = quantization
    self.constant = constant
  }

  public var elementCount: Int { shape.reduce(1, *) }
  public var byteCount: Int { elementCount * elementType.byteCount }
}

public struct Node: Equatable, Sendable {
  public var operation: Operation
  /// Tensor indices.
  public var inputs: [Int]
  public var outputs: [Int]

  public init(_ operation: Operation, inputs: [Int], outputs: [Int]) {
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
  }
}

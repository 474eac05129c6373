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

/// Spec: operators.md 2.3. The zero points are those of the tensors.
public struct Epilogue: Equatable, Sendable {
  public var lo: Int32
  public var hi: Int32
  /// m_r; 0 when there is no residual operand.
  public var residualMultiplier: Int32

  public init(lo: Int32, hi: Int32, residualMultiplier: Int32 = 0) {
    self.lo = lo
    self.hi = hi
    self.residualMultiplier = residualMultiplier
  }
}

/// Spec: operators.md 2.4. The kernel's extent is that of the weights.
public struct Conv2D: Equatable, Sendable {
  public var stride: Extent2D
  public var dilation: Extent2D
  public var padding: Padding2D
  public var groups: Int
  public var epilogue: Epilogue

  public init(stride: Extent2D, dilation: Extent2D, padding: Padding2D, groups: Int, epilogue: Epilogue) {
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
    self.groups = groups
    self.epilogue = epilogue
  }
}

/// Spec: operators.md 3.1.
public struct Add: Equatable, Sendable {
  public var multiplierA: Int32
  public var multiplierB: Int32
  public var shift: Int32
  public var lo: Int32
  public var hi: Int32

  public init(multiplierA: Int32, multiplierB: Int32, shift: Int32, lo: Int32, hi: Int32) {
    self.multiplierA = multiplierA
    self.multiplierB = multiplierB
    self.shift = shift
    self.lo = lo
    self.hi = hi
  }
}

/// Spec: operators.md 3.13.
public struct Multiply: Equatable, Sendable {
  /// i and j.
  public var shiftA: Int32
  public var shiftB: Int32
  public var multiplier: Int32
  public var lo: Int32
  public var hi: Int32

  public init(shiftA: Int32, shiftB: Int32, multiplier: Int32, lo: Int32, hi: Int32) {
    self.shiftA = shiftA
    self.shiftB = shiftB
    self.multiplier = multiplier
    self.lo = lo
    self.hi = hi
  }
}

/// Spec: operators.md 3.15.
public struct Requantize: Equatable, Sendable {
  public var multiplier: Int32
  public var shift: Int32
  public var lo: Int32
  public var hi: Int32

  public init(multiplier: Int32, shift: Int32, lo: Int32, hi: Int32) {
    self.multiplier = multiplier
    self.shift = shift
    self.lo = lo
    self.hi = hi
  }
}

/// A pooling window. Spec: operators.md 3.2.
public struct Window: Equatable, Sendable {
  public var kernel: Extent2D
  public var stride: Extent2D
  public var padding: Padding2D

  public init(kernel: Extent2D, stride: Extent2D, padding: Padding2D) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }
}

/// Spec: operators.md 3.3.
public struct AveragePool: Equatable, Sendable {
  public var window: Window
  public var countIncludePad: Bool
  /// m; the multiplier of a window of d elements is (m + d/2) / d.
  public var multiplier: Int32
  public var shift: Int32

  public init(window: Window, countIncludePad: Bool, multiplier: Int32, shift: Int32) {
    self.window = window
    self.countIncludePad = countIncludePad
    self.multiplier = multiplier
    self.shift = shift
  }
}

public struct Extent2D: Equatable, Sendable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
}

public struct Padding2D: Equatable, Sendable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public static let none = Padding2D(top: 0, left: 0, bottom: 0, right: 0)
}

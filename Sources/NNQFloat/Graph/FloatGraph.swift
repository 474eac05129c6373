/// A float32 net with static shapes (batch 1) and the axis order of ONNX (N,C,H,W). NNQONNX makes it, NNQConvert's passes
/// rewrite it, `FloatExecutor` runs it with one fixed order of summation, and a float `.nnq` file holds it.
public struct FloatGraph: Equatable, Sendable {
  public var values: [FloatValue]
  /// In execution order.
  public var nodes: [FloatNode]
  /// Indices of values.
  public var inputs: [Int]
  public var outputs: [Int]

  public init(values: [FloatValue] = [], nodes: [FloatNode] = [], inputs: [Int] = [], outputs: [Int] = []) {
    self.values = values
    self.nodes = nodes
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// A tensor of the graph: a constant when it has elements.
public struct FloatValue: Equatable, Sendable {
  public var name: String
  public var shape: [Int]
  public var constant: [Float]?

  public init(name: String, shape: [Int], constant: [Float]? = nil) {
    self.name = name
    self.shape = shape
    self.constant = constant
  }

  public var elementCount: Int { shape.reduce(1, *) }
}

public struct FloatNode: Equatable, Sendable {
  /// The source net's name of the node, for messages.
  public var name: String
  public var operation: FloatOperation
  public var inputs: [Int]
  public var outputs: [Int]

  public init(name: String, _ operation: FloatOperation, inputs: [Int], outputs: [Int]) {
    self.name = name
    self.operation = operation
    self.inputs = inputs
    self.outputs = outputs
  }
}

/// Operand order is that of the ONNX operator of the same name unless said otherwise.
public enum FloatOperation: Equatable, Sendable {
  /// x[N,C,H,W], weights[K,C/G,R,S], bias[K] optional.
  case conv(FloatConv)
  /// x[...,C], weights[K,C], bias[K] optional: y = x * weights^T + bias. (Gemm and MatMul with a constant become this.)
  case dense
  /// x, scale[C], bias[C], mean[C], variance[C]; channels are axis 1.
  case batchNormalization(epsilon: Float)
  /// Two operands, broadcast as numpy does.
  case binary(FloatBinary)
  case unary(FloatUnary)
  case maxPool(FloatWindow)
  case averagePool(FloatWindow, countIncludePad: Bool)
  /// Mean over all axes after the channel axis, which are kept with extent 1.
  case globalAveragePool
  case softmax(axis: Int)
  case reshape
  case transpose(permutation: [Int])
  /// Constant padding.
  case pad(before: [Int], after: [Int], value: Float)
  /// y[i] = x[begin + i * step]; steps are positive.
  case slice(begin: [Int], step: [Int])
  case concat(axis: Int)
  /// Matrices a[..., M, D] times matrices b[..., D, N], times a number; the leading axes broadcast.
  case matMul(scale: Float)
  /// x[..., C], scale[C], bias[C].
  case layerNormalization(FloatLayerNorm)
  /// Over ascending axes, which are kept with extent 1.
  case reduce(FloatReduction, axes: [Int])
  /// Rows of a constant table[V,C] that x[...] numbers, a graph input of integers which gather alone reads: y[...,C].
  case gather
  /// x[N,C,...], weights[K,C/G,...] (as conv has them), bias[K] optional: y[i * stride + r * dilation - padBegin] gathers
  /// x[i] * weights[r]. A negative padding at the end adds elements there.
  case convTranspose(FloatConv)
  /// x, indices: y[..., i, ...] = x[..., indices[i], ...]. The indices are a constant of whole numbers.
  case take(axis: Int)
  /// x[N,C,...] and for each spatial axis a constant with the place of each element of y in x: y is interpolated linearly
  /// between the two elements around its place.
  case resize
}

public enum FloatBinary: UInt8, Sendable {
  case add = 0
  case sub
  case mul
  case div
  /// a^b
  case pow
  /// a for a >= 0, else b * a
  case prelu
  /// The larger of a and b.
  case maximum
  /// The smaller of a and b.
  case minimum
  /// 1 where a = b, else 0; so for the next two. NaN makes each of them 0.
  case equal
  /// a < b
  case less
  /// a <= b
  case lessOrEqual
  /// 0 where b = 0, else a: also where a is infinite or NaN.
  case mask
}

public enum FloatUnary: Equatable, Sendable {
  case relu
  case clip(lo: Float, hi: Float)
  case sigmoid
  case tanh
  /// max(0, min(1, alpha * x + beta))
  case hardSigmoid(alpha: Float, beta: Float)
  /// x * hardSigmoid(x, 1/6, 1/2)
  case hardSwish
  case leakyRelu(alpha: Float)
  case function(FloatFunction)
  /// x for x >= 0, else alpha * (e^x - 1)
  case elu(alpha: Float)
  /// gamma * elu(x)
  case selu(alpha: Float, gamma: Float)
  /// x for x >= 0, else alpha * (e^(x / alpha) - 1)
  case celu(alpha: Float)
  /// x for x > alpha, else 0
  case thresholdedRelu(alpha: Float)
  /// x + bias for x < -lambda, x - bias for x > lambda, else 0
  case shrink(bias: Float, lambda: Float)
  /// x * sigmoid(alpha * x)
  case swish(alpha: Float)
}

public struct FloatConv: Equatable, Sendable {
  public var strides: [Int]
  public var dilations: [Int]
  /// Begin of each spatial axis, then end of each.
  public var pads: [Int]
  public var groups: Int

  public init(strides: [Int], dilations: [Int], pads: [Int], groups: Int) {
    self.strides = strides
    self.dilations = dilations
    self.pads = pads
    self.groups = groups
  }
}

public struct FloatWindow: Equatable, Sendable {
  public var kernel: [Int]
  public var strides: [Int]
  /// Begin of each spatial axis, then end of each (ceil_mode and auto_pad are resolved by the importer).
  public var pads: [Int]

  public init(kernel: [Int], strides: [Int], pads: [Int]) {
    self.kernel = kernel
    self.strides = strides
    self.pads = pads
  }
}

/// Spec: format.md annex B.
extension FloatOperation {
  var opcode: FloatOpcode {
    switch self {
    case .conv: .conv
    case .dense: .dense
    case .batchNormalization: .batchNormalization
    case .binary(let function): function.opcode
    case .unary(let function): function.opcode
    case .maxPool: .maxPool
    case .averagePool: .averagePool
    case .globalAveragePool: .globalAveragePool
    case .softmax: .softmax
    case .reshape: .reshape
    case .transpose: .transpose
    case .pad: .pad
    case .slice: .slice
    case .concat: .concat
    case .matMul: .matMul
    case .layerNormalization: .layerNormalization
    case .reduce: .reduce
    case .gather: .gather
    case .convTranspose: .convTranspose
    case .take: .take
    case .resize: .resize
    }
  }

  /// The words of the node record.
  var attributes: [Int32] {
    switch self {
    case .dense, .gather, .globalAveragePool, .reshape, .resize, .binary: []
    case .conv(let conv), .convTranspose(let conv): .init(words: conv.strides + conv.dilations + conv.pads + [conv.groups])
    case .batchNormalization(let epsilon): .init(bitsOf: epsilon)
    case .unary(let function): function.attributes
    case .maxPool(let window): window.attributes
    case .averagePool(let window, let countIncludePad): window.attributes + [countIncludePad ? 1 : 0]
    case .softmax(let axis), .concat(let axis), .take(let axis): .init(words: [axis])
    case .transpose(let permutation): .init(words: permutation)
    case .pad(let before, let after, let value): .init(words: before + after) + .init(bitsOf: value)
    case .slice(let begin, let step): .init(words: begin + step)
    case .matMul(let scale): .init(bitsOf: scale)
    case .layerNormalization(let norm): .init(words: [norm.subtractsMean ? 1 : 0]) + .init(bitsOf: norm.epsilon)
    case .reduce(let reduction, let axes): .init(words: [reduction.rawValue] + axes)
    }
  }
}

extension FloatBinary {
  fileprivate var opcode: FloatOpcode {
    switch self {
    case .add: .add
    case .sub: .sub
    case .mul: .mul
    case .div: .div
    case .pow: .pow
    case .prelu: .prelu
    case .maximum: .maximum
    case .minimum: .minimum
    case .equal: .equal
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .mask: .mask
    }
  }
}

extension FloatUnary {
  fileprivate var opcode: FloatOpcode {
    switch self {
    case .relu: .relu
    case .clip: .clip
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    case .hardSigmoid: .hardSigmoid
    case .hardSwish: .hardSwish
    case .leakyRelu: .leakyRelu
    case .function: .function
    case .elu: .elu
    case .selu: .selu
    case .celu: .celu
    case .thresholdedRelu: .thresholdedRelu
    case .shrink: .shrink
    case .swish: .swish
    }
  }

  fileprivate var attributes: [Int32] {
    switch self {
    case .relu, .sigmoid, .tanh, .hardSwish: []
    case .clip(let lo, let hi): .init(bitsOf: lo, hi)
    case .hardSigmoid(let alpha, let beta): .init(bitsOf: alpha, beta)
    case .function(let function): .init(words: [Int(function.rawValue)])
    case .selu(let alpha, let gamma): .init(bitsOf: alpha, gamma)
    case .shrink(let bias, let lambda): .init(bitsOf: bias, lambda)
    case .leakyRelu(let alpha), .elu(let alpha), .celu(let alpha), .thresholdedRelu(let alpha), .swish(let alpha): .init(bitsOf: alpha)
    }
  }
}

extension FloatWindow {
  fileprivate var attributes: [Int32] { .init(words: kernel + strides + pads) }
}

/// Opcodes of a float graph. Spec: format.md annex B.
enum FloatOpcode: UInt16 {
  case conv = 1
  case dense = 2
  case batchNormalization = 3
  case maxPool = 4
  case averagePool = 5
  case globalAveragePool = 6
  case softmax = 7
  case reshape = 8
  case transpose = 9
  case pad = 10
  case slice = 11
  case concat = 12

  case add = 16
  case sub = 17
  case mul = 18
  case div = 19

  case relu = 32
  case clip = 33
  case sigmoid = 34
  case tanh = 35
  case hardSigmoid = 36
  case hardSwish = 37
  case leakyRelu = 38

  case pow = 40
  case prelu = 41
  case function = 42
  case elu = 43
  case selu = 44
  case celu = 45
  case thresholdedRelu = 46
  case shrink = 47
  case swish = 48
  case maximum = 50
  case minimum = 51
  case equal = 52
  case less = 53
  case lessOrEqual = 54
  case mask = 55

  case convTranspose = 60
  case take = 61
  case resize = 62

  case matMul = 70
  case layerNormalization = 71
  case reduce = 72

  case gather = 80
}

extension FloatOperation {
  /// The operator's name in the spec.
  package var name: String {
    if case .unary(.function(let function)) = self { return "\(function)" }
    return "\(opcode)"
  }
}

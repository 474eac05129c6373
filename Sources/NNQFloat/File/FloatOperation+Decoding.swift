/// Spec: format.md annex B.
extension FloatOperation {
  /// - Parameter attributes: any words of a file; whether their values suit the operands is what shape inference checks.
  init(_ opcode: FloatOpcode, attributes: [Int32]) throws(Problem) {
    var reader = AttributeReader(attributes)
    self = try Self.decode(opcode, &reader)
    try reader.finish()
  }

  private static func decode(_ opcode: FloatOpcode, _ reader: inout AttributeReader) throws(Problem) -> FloatOperation {
    switch opcode {
    case .conv: .conv(try FloatConv(&reader))
    case .dense: .dense
    case .batchNormalization: .batchNormalization(epsilon: try reader.float())
    case .maxPool: .maxPool(try FloatWindow(&reader))
    case .averagePool: .averagePool(try FloatWindow(&reader, otherWords: 1), countIncludePad: try reader.flag())
    case .globalAveragePool: .globalAveragePool
    case .softmax: .softmax(axis: try reader.int())
    case .reshape: .reshape
    case .transpose: .transpose(permutation: try reader.ints(reader.count))
    case .pad: try decodePad(&reader)
    case .slice: try decodeSlice(&reader)
    case .concat: .concat(axis: try reader.int())
    case .convTranspose: .convTranspose(try FloatConv(&reader))
    case .take: .take(axis: try reader.int())
    case .resize: .resize
    case .add: .binary(.add)
    case .sub: .binary(.sub)
    case .mul: .binary(.mul)
    case .div: .binary(.div)
    case .relu: .unary(.relu)
    case .clip: .unary(.clip(lo: try reader.float(), hi: try reader.float()))
    case .sigmoid: .unary(.sigmoid)
    case .tanh: .unary(.tanh)
    case .hardSigmoid: .unary(.hardSigmoid(alpha: try reader.float(), beta: try reader.float()))
    case .hardSwish: .unary(.hardSwish)
    case .leakyRelu: .unary(.leakyRelu(alpha: try reader.float()))
    case .pow: .binary(.pow)
    case .prelu: .binary(.prelu)
    case .maximum: .binary(.maximum)
    case .minimum: .binary(.minimum)
    case .equal: .binary(.equal)
    case .less: .binary(.less)
    case .lessOrEqual: .binary(.lessOrEqual)
    case .mask: .binary(.mask)
    case .function: .unary(.function(try FloatFunction(&reader)))
    case .elu: .unary(.elu(alpha: try reader.float()))
    case .selu: .unary(.selu(alpha: try reader.float(), gamma: try reader.float()))
    case .celu: .unary(.celu(alpha: try reader.float()))
    case .thresholdedRelu: .unary(.thresholdedRelu(alpha: try reader.float()))
    case .shrink: .unary(.shrink(bias: try reader.float(), lambda: try reader.float()))
    case .swish: .unary(.swish(alpha: try reader.float()))
    case .matMul: .matMul(scale: try reader.float())
    case .layerNormalization:
      .layerNormalization(FloatLayerNorm(subtractsMean: try reader.flag(), epsilon: try reader.float()))
    case .gather: .gather
    case .reduce: .reduce(try FloatReduction(&reader), axes: try reader.ints(reader.count))
    }
  }

  private static func decodePad(_ reader: inout AttributeReader) throws(Problem) -> FloatOperation {
    let rank = try reader.axisCount(wordsPerAxis: 2, others: 1)
    return .pad(before: try reader.ints(rank), after: try reader.ints(rank), value: try reader.float())
  }

  private static func decodeSlice(_ reader: inout AttributeReader) throws(Problem) -> FloatOperation {
    let rank = try reader.axisCount(wordsPerAxis: 2)
    return .slice(begin: try reader.ints(rank), step: try reader.ints(rank))
  }
}

extension FloatReduction {
  fileprivate init(_ reader: inout AttributeReader) throws(FloatGraphError.Reason) {
    let number = try reader.int()
    guard let reduction = Self(rawValue: number) else { throw .attribute("kind", got: "\(number)", allowed: "0...3") }
    self = reduction
  }
}

extension FloatFunction {
  fileprivate init(_ reader: inout AttributeReader) throws(FloatGraphError.Reason) {
    let number = try reader.int()
    guard let function = UInt8(exactly: number).flatMap(Self.init(rawValue:)) else {
      throw .attribute("function", got: "\(number)", allowed: "annex B's")
    }
    self = function
  }
}

extension FloatConv {
  fileprivate init(_ reader: inout AttributeReader) throws(FloatGraphError.Reason) {
    let spatialCount = try reader.axisCount(wordsPerAxis: 4, others: 1)
    self.init(
      strides: try reader.ints(spatialCount), dilations: try reader.ints(spatialCount), pads: try reader.ints(2 * spatialCount),
      groups: try reader.int())
  }
}

extension FloatWindow {
  fileprivate init(_ reader: inout AttributeReader, otherWords: Int = 0) throws(FloatGraphError.Reason) {
    let spatialCount = try reader.axisCount(wordsPerAxis: 4, others: otherWords)
    self.init(
      kernel: try reader.ints(spatialCount), strides: try reader.ints(spatialCount), pads: try reader.ints(2 * spatialCount))
  }
}

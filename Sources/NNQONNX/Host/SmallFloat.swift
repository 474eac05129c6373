/// The formats of floating-point numbers of 8 bits that ONNX has: a sign, an exponent and the rest of the significand.
struct SmallFloat {
  private let exponentBits: Int
  private let bias: Int
  /// Whether the bits of -0 stand for NaN, the only one; there is no infinity then.
  private let hasOneNaN: Bool
  /// Whether the largest exponent stands for infinity and NaN; else for numbers too, but for NaN with all bits set.
  private let hasInfinity: Bool

  init(_ type: TensorProto.DataType) {
    let isE5M2 = type == .float8e5m2 || type == .float8e5m2fnuz
    hasOneNaN = type == .float8e4m3fnuz || type == .float8e5m2fnuz
    hasInfinity = type == .float8e5m2
    exponentBits = isE5M2 ? 5 : 4
    bias = (1 << (exponentBits - 1)) - (hasOneNaN ? 0 : 1)
  }

  func value(ofBits bits: UInt8) -> Float {
    let magnitude = Int(bits & 0x7F)
    let significandBits = 7 - exponentBits
    let (exponent, significand) = (magnitude >> significandBits, magnitude & (1 << significandBits - 1))
    let isLargest = exponent == 1 << exponentBits - 1
    if hasOneNaN ? bits == 0x80 : hasInfinity ? isLargest && significand != 0 : magnitude == 0x7F { return .nan }
    let sign: Float = bits >= 0x80 ? -1 : 1
    if hasInfinity, isLargest { return sign * .infinity }
    let leading = exponent == 0 ? 0 : 1 << significandBits
    return sign * Float(sign: .plus, exponent: max(exponent, 1) - bias - significandBits, significand: Float(leading + significand))
  }
}

extension UInt8 {
  /// Two integers of 4 bits, the one in the lower half first.
  func halves(isSigned: Bool) -> [Int64] {
    [self & 15, self >> 4].map { half in isSigned && half >= 8 ? Int64(half) - 16 : Int64(half) }
  }
}

/// A function of one number that has no parameters. Raw values are stored: format.md annex B.
public enum FloatFunction: UInt8, CaseIterable, Sendable {
  case abs = 0
  case neg
  /// -1, 0 or 1
  case sign
  case floor
  case ceil
  /// Halves go to the even neighbour.
  case round
  case reciprocal
  case sqrt
  case exp
  /// The natural logarithm.
  case log
  case erf
  /// x * (1 + erf(x / sqrt(2))) / 2
  case gelu
  /// x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2
  case geluTanh
  /// log(1 + e^x)
  case softplus
  /// x / (1 + |x|)
  case softsign
  /// x * tanh(softplus(x))
  case mish
  case sin
  case cos
  case tan
  case asin
  case acos
  case atan
  case sinh
  case cosh
  case asinh
  case acosh
  case atanh
}

import NNQFormat
import NNQGraph

/// Elementwise arithmetic. Spec: operators.md 3.1 and 3.13 to 3.15.
extension GraphBuilder {
  /// A constant second operand.
  public mutating func addOperand(_ shape: [Int], _ type: ElementType = .s16) -> Int {
    let range = type == .u8 ? 0...255 : -32768...32767
    return addConstant(shape, type, (0..<shape.reduce(1, *)).map { _ in Int.random(in: range, using: &random) })
  }

  /// Weights of which the larger is about 2 to the shift, so that outputs fill their range; less the more bits operands have.
  public mutating func addSum(_ a: Int, _ b: Int, _ type: ElementType = .u8) -> Int {
    let shift = Int32.random(in: 0...14, using: &random)
    let multipliers = [a, b].map { multiplier(of: $0, shift: shift, type) }
    let (lo, hi) = clamp(type)
    let add = Add(multiplierA: multipliers[0], multiplierB: -multipliers[1], shift: shift, lo: lo, hi: hi)
    return append(.add(add), [a, b], addActivation(broadcastShape(a, b), type))
  }

  public mutating func addProduct(_ a: Int, _ b: Int, _ type: ElementType = .u8) -> Int {
    let (lo, hi) = clamp(type)
    let multiply = Multiply(
      shiftA: Int32.random(in: 0...3, using: &random), shiftB: Int32.random(in: 0...7, using: &random),
      multiplier: Int32.random(in: 1...32767, using: &random), lo: lo, hi: hi)
    return append(.multiply(multiply), [a, b], addActivation(broadcastShape(a, b), type))
  }

  /// Whether maximum and minimum take the operands.
  public func isOneGrid(_ a: Int, _ b: Int) -> Bool {
    tensor(a).elementType == tensor(b).elementType && (tensor(b).constant != nil || tensor(a).quantization == tensor(b).quantization)
  }

  public mutating func addExtremum(_ a: Int, _ b: Int, isMaximum: Bool) -> Int {
    append(isMaximum ? .maximum : .minimum, [a, b], addLike(a, broadcastShape(a, b)))
  }

  public mutating func addRequantize(_ x: Int, _ type: ElementType) -> Int {
    let shift = Int32.random(in: 0...14, using: &random)
    let (lo, hi) = clamp(type)
    let requantize = Requantize(multiplier: multiplier(of: x, shift: shift, type), shift: shift, lo: lo, hi: hi)
    return append(.requantize(requantize), [x], addActivation(tensor(x).shape, type))
  }

  /// Small enough for the overflow bound (operators.md 5.4).
  private mutating func multiplier(of operand: Int, shift: Int32, _ type: ElementType) -> Int32 {
    let gain: Int32 = tensor(operand).elementType == .s16 && type == .u8 ? 7 : 0
    return Int32.random(in: 1...max(1, 1 << max(0, shift - gain)), using: &random)
  }

  private func broadcastShape(_ a: Int, _ b: Int) -> [Int] { zip(tensor(a).shape, tensor(b).shape).map { max($0, $1) } }
}

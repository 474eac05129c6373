/// A product of two activations. Spec: operators.md 3.17.
public struct MatMul: Equatable, Sendable {
  /// The right operand is held as columns x depth.
  public var transposeB: Bool
  /// m and s of the requantisation, for all columns alike.
  public var multiplier: Int32
  public var shift: Int32
  public var lo: Int32
  public var hi: Int32

  public init(transposeB: Bool, multiplier: Int32, shift: Int32, lo: Int32, hi: Int32) {
    self.transposeB = transposeB
    self.multiplier = multiplier
    self.shift = shift
    self.lo = lo
    self.hi = hi
  }
}

extension MatMul {
  /// Products whose sum fits 32 bits without a stored bound: 2^15 * 255 * 255 + 2^21 < 2^31.
  package static let maximumDepth = 1 << 15

  /// Products of an s16 operand that are added before the sum is shifted: 256 * 2^15 * 255 + 2^7 < 2^31.
  package static let blockDepth = 256

  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      transposeB: try reader.take(0...1) == 1, multiplier: try reader.take(256...32767), shift: try reader.take(0...22),
      lo: try reader.take(-32768...32767), hi: try reader.take(-32768...32767))
  }

  var attributes: [Int32] { [transposeB ? 1 : 0, multiplier, shift, lo, hi] }
}

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

extension Add {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      multiplierA: try reader.take(-32767...32767), multiplierB: try reader.take(-32767...32767), shift: try reader.take(0...21),
      lo: try reader.take(-32768...32767), hi: try reader.take(-32768...32767))
  }

  var attributes: [Int32] { [multiplierA, multiplierB, shift, lo, hi] }
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

extension Multiply {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      shiftA: try reader.take(0...7), shiftB: try reader.take(0...7), multiplier: try reader.take(1...32767),
      lo: try reader.take(-32768...32767), hi: try reader.take(-32768...32767))
  }

  var attributes: [Int32] { [shiftA, shiftB, multiplier, lo, hi] }
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

extension Requantize {
  init(from reader: inout AttributeReader) throws(GraphError) {
    self.init(
      multiplier: try reader.take(-32767...32767), shift: try reader.take(0...21), lo: try reader.take(-32768...32767),
      hi: try reader.take(-32768...32767))
  }

  var attributes: [Int32] { [multiplier, shift, lo, hi] }
}

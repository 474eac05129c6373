import NNQFormat

/// Real values in the layout of the net the model was made from (for images usually N,C,H,W).
public struct FloatTensor: Equatable, Sendable {
  public var shape: [Int]
  /// The last axis varies fastest.
  public var values: [Float]

  public init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }
}

/// The integers a model computes with, in the layout of the net it was made from: real = scale * (q - zeroPoint).
public struct RawTensor: Equatable, Sendable {
  /// `u8` or `s16`.
  public var elementType: ElementType
  public var shape: [Int]
  /// Little-endian elements, the last axis varies fastest.
  public var bytes: [UInt8]

  public init(elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }
}

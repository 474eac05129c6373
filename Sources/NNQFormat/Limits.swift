/// What a reader refuses to exceed, checked before anything is allocated. Spec: format.md 8.
public struct Limits: Equatable, Sendable {
  public var fileByteCount: UInt64 = 1 << 31
  /// All sections together, inflated.
  public var rawByteCount: UInt64 = 1 << 31
  /// All elements of all constants, zeros included.
  public var constantByteCount: UInt64 = 1 << 31
  /// Live activations at batch 1.
  public var activationByteCount: UInt64 = 1 << 31
  public var sectionCount: UInt32 = 65_536
  public var tensorCount: UInt32 = 1 << 20
  public var nodeCount: UInt32 = 1 << 20

  public init() {}

  public static let `default` = Limits()
}

/// What a reader, and the runtime after it, refuse to exceed, checked before anything is allocated. Spec: format.md 8.
public struct Limits: Equatable, Sendable {
  public var fileByteCount: UInt64 = 1 << 31
  /// All sections together, inflated.
  public var rawByteCount: UInt64 = 1 << 31
  /// All elements of all constants, zeros included.
  public var constantByteCount: UInt64 = 1 << 31
  /// Live activations at batch 1.
  public var activationByteCount: UInt64 = 1 << 31
  /// What a session takes: activations, and scratch of all its threads. Other than the file's sizes it depends on batch size,
  /// threads and instruction set; a few bytes of a file may ask for gigabytes of padding.
  public var runByteCount: UInt64 = 1 << 30
  public var sectionCount: UInt32 = 65_536
  public var tensorCount: UInt32 = 1 << 20
  public var nodeCount: UInt32 = 1 << 20
  /// Lines of labels and of provenance, each: an empty line takes one byte in a file, 24 times that in memory.
  public var lineCount: UInt32 = 65_536

  public init() {}

  public static let `default` = Limits()
}

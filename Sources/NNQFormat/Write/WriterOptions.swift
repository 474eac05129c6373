/// How hard a writer tries. The model that a file holds does not depend on it.
public struct WriterOptions: Sendable {
  public enum Effort: Sendable {
    /// Nothing is compressed; every section can be used where it lies in a mapped file.
    case stored
    case standard
    /// A few per mille smaller for several times the work.
    case best
  }

  public var effort: Effort
  /// At most this many; nil for one per processor. The bytes do not depend on it.
  public var threads: Int?
  /// Another compressor: the zlib stream of a section's contents, without preset dictionary; nil if it has none. The smaller
  /// one of it and the writer's own is stored. Called on several threads.
  public var compressor: (@Sendable (UnsafeRawBufferPointer) -> [UInt8]?)?

  public init(
    effort: Effort = .standard, threads: Int? = nil, compressor: (@Sendable (UnsafeRawBufferPointer) -> [UInt8]?)? = nil
  ) {
    self.effort = effort
    self.threads = threads
    self.compressor = compressor
  }

  public static let standard = WriterOptions()
  public static let best = WriterOptions(effort: .best)
  public static let stored = WriterOptions(effort: .stored)
}

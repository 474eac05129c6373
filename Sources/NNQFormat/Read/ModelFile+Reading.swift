#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension ModelFile {
  /// Reads and checks a whole model. Every rule of format.md is checked; what the operators mean is not.
  /// - Parameter threads: at most this many; nil for one per processor.
  public static func read(
    contentsOf path: String, limits: Limits = .default, threads: Int? = nil
  ) throws(FormatError) -> ModelFile {
    try withFile(path) { (source) throws(FormatError) in try read(from: source, limits: limits, threads: threads) }
  }

  public static func read(
    bytes: UnsafeRawBufferPointer, limits: Limits = .default, threads: Int? = nil
  ) throws(FormatError) -> ModelFile {
    try read(from: MemorySource(bytes), limits: limits, threads: threads)
  }

  public static func read(
    bytes: [UInt8], limits: Limits = .default, threads: Int? = nil
  ) throws(FormatError) -> ModelFile {
    try withMemory(bytes) { (source) throws(FormatError) in try read(from: source, limits: limits, threads: threads) }
  }

  /// Reads a model from its first byte to its last, without going back.
  public static func read(
    from source: any ByteSource, limits: Limits = .default, threads: Int? = nil
  ) throws(FormatError) -> ModelFile {
    try read(from: source, limits: limits, threads: threads) { _ in nil }
  }

  /// - Parameter makeConsumer: is given the model without elements of constants before the first of them is read. What its
  ///   result takes, the model comes without.
  package static func read(
    from source: any ByteSource, limits: Limits, threads: Int? = nil, passing makeConsumer: (ModelFile) -> (any ConstantConsumer)?
  ) throws(FormatError) -> ModelFile {
    try Reader.read(source, limits: limits, threads: threads ?? Workers.availableCount, passing: makeConsumer)
  }
}

/// Opens a file for reading as long as `body` runs.
package func withFile<Result>(_ path: String, _ body: (FileSource) throws(FormatError) -> Result) throws(FormatError) -> Result {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw .inputOutput("open") }
  defer { close(descriptor) }
  return try body(FileSource(descriptor: descriptor))
}

/// The same for a file in memory.
package func withMemory<Result>(_ bytes: [UInt8], _ body: (MemorySource) throws(FormatError) -> Result) throws(FormatError) -> Result {
  try bytes.withUnsafeBufferPointer { (buffer) throws(FormatError) in try body(MemorySource(UnsafeRawBufferPointer(buffer))) }
}

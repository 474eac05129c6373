#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Bytes that come one after the other: a file, a pipe, memory.
public protocol ByteSource: Sendable {
  /// How many bytes remain, if that is known before they are read.
  var remainingByteCount: UInt64? { get }

  /// Fills the start of `buffer`.
  /// - Returns: the number of bytes read, 0 only at the end.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int

  /// Passes over bytes.
  /// - Returns: the number of bytes passed, below `count` only at the end.
  mutating func skip(_ count: Int) throws(FormatError) -> Int
}

/// A file descriptor: a file, a pipe or standard input. It is not closed.
public struct FileSource: ByteSource {
  private let descriptor: Int32
  private let isSeekable: Bool
  public private(set) var remainingByteCount: UInt64?

  public init(descriptor: Int32) {
    self.descriptor = descriptor
    var status = stat()
    let position = lseek(descriptor, 0, SEEK_CUR)
    isSeekable = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && position >= 0
    remainingByteCount = isSeekable ? UInt64(max(0, Int64(status.st_size) - Int64(position))) : nil
  }

  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    var result: Int
    repeat { result = systemRead(descriptor, buffer.baseAddress, buffer.count) } while result < 0 && errno == EINTR
    guard result >= 0 else { throw .inputOutput("read") }
    remainingByteCount = remainingByteCount.map { $0 - min($0, UInt64(result)) }
    return result
  }

  public mutating func skip(_ count: Int) throws(FormatError) -> Int {
    guard isSeekable, let remaining = remainingByteCount else { return try discard(count) }
    let passed = Int(min(remaining, UInt64(count)))
    guard lseek(descriptor, off_t(passed), SEEK_CUR) >= 0 else { throw .inputOutput("seek") }
    remainingByteCount = remaining - UInt64(passed)
    return passed
  }

  private mutating func discard(_ count: Int) throws(FormatError) -> Int {
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: min(count, 1 << 16), alignment: 1)
    defer { scratch.deallocate() }
    var left = count
    while left > 0 {
      let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: scratch.prefix(left)))
      if read == 0 { break }
      left -= read
    }
    return count - left
  }
}

/// Bytes in memory, which must stay valid while they are read.
public struct MemorySource: ByteSource, @unchecked Sendable {
  // Safe: only read, within its bounds; its owner keeps it alive for the call that it is passed to.
  private var bytes: Slice<UnsafeRawBufferPointer>

  public init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes[...] }

  public var remainingByteCount: UInt64? { UInt64(bytes.count) }

  public mutating func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, bytes.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count)))
    bytes = bytes.dropFirst(count)
    return count
  }

  public mutating func skip(_ count: Int) -> Int {
    let passed = min(count, bytes.count)
    bytes = bytes.dropFirst(passed)
    return passed
  }
}

/// read(2), under a name that does not clash with the method.
private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

extension FormatError {
  /// An error of the operating system, with the text of errno.
  static func inputOutput(_ operation: String) -> FormatError {
    let reason = String(cString: strerror(errno))
    return FormatError(.ioError, got: "\(operation) failed: \(reason)", expected: "")
  }
}

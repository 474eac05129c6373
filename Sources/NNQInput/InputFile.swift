#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The bytes of a file, by offset: from disk as they are asked for, or from memory for what cannot be read twice
/// (standard input, pipes).
final class InputFile: Sendable {
  let name: String
  let byteCount: Int
  private let contents: Contents

  private enum Contents: Sendable {
    case descriptor(Int32)
    case memory([UInt8])
  }

  /// - Parameter path: "-" is the standard input.
  /// - Throws: `missing`; `tooLarge` for a pipe above `limits.fileByteCount`.
  init(path: String, limits: InputLimits) throws(InputError) {
    let isStandardInput = path == "-"
    name = isStandardInput ? "standard input" : path
    let descriptor = isStandardInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(.missing, name, "cannot open", got: String(cString: strerror(errno))) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw InputError(.missing, name, "cannot read", got: String(cString: strerror(errno))) }
    if status.st_mode & S_IFMT == S_IFREG && !isStandardInput {
      byteCount = Int(status.st_size)
      contents = .descriptor(descriptor)
      return
    }
    defer { if !isStandardInput { close(descriptor) } }
    let bytes = try readToEnd(descriptor, name: name, limit: limits.fileByteCount)
    byteCount = bytes.count
    contents = .memory(bytes)
  }

  init(name: String, bytes: [UInt8]) {
    self.name = name
    byteCount = bytes.count
    contents = .memory(bytes)
  }

  deinit {
    if case .descriptor(let descriptor) = contents { close(descriptor) }
  }

  /// - Throws: `malformed` if the file has no `range`.
  func read(_ range: Range<Int>) throws(InputError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= byteCount else { throw endsEarly(at: range.upperBound) }
    switch contents {
    case .memory(let bytes): return Array(bytes[range])
    case .descriptor(let descriptor):
      var bytes = [UInt8](repeating: 0, count: range.count)
      var filled = 0
      while filled < bytes.count {
        // Safe: filled < bytes.count, and no more than the rest of the array is read.
        let count = bytes.withUnsafeMutableBytes { buffer in
          pread(descriptor, buffer.baseAddress! + filled, buffer.count - filled, off_t(range.lowerBound + filled))
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw endsEarly(at: range.upperBound) }
        filled += count
      }
      return bytes
    }
  }

  /// The first bytes, at most `count`.
  func prefix(_ count: Int) throws(InputError) -> [UInt8] { try read(0..<min(count, byteCount)) }

  /// All bytes, for formats that are decoded as a whole.
  func readAll(limits: InputLimits) throws(InputError) -> [UInt8] {
    guard byteCount <= limits.fileByteCount else {
      throw InputError(.tooLarge, name, "file", got: "\(byteCount) bytes", expected: "at most \(limits.fileByteCount)")
    }
    return try read(0..<byteCount)
  }

  private func endsEarly(at needed: Int) -> InputError {
    InputError(.malformed, name, "the file ends early", got: "\(byteCount) bytes", expected: "\(needed) or more")
  }
}

private func readToEnd(_ descriptor: Int32, name: String, limit: Int) throws(InputError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 && errno == EINTR { continue }
    guard count >= 0 else { throw InputError(.missing, name, "cannot read", got: String(cString: strerror(errno))) }
    if count == 0 { return bytes }
    guard bytes.count + count <= limit else { throw InputError(.tooLarge, name, "input", got: "more", expected: "at most \(limit) bytes") }
    bytes += chunk[..<count]
  }
}

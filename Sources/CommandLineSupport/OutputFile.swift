#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that appears whole or not at all: written beside its place, synced, renamed.
package struct OutputFile: Sendable {
  package let path: String

  /// Checks the place before any long work is done for it.
  /// - Parameter replacing: whether an existing file may be replaced (`--force`).
  package init(_ path: String, replacing: Bool) throws(CommandError) {
    self.path = path
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw CommandError(.cannotCreate, "\(path): is not a regular file") }
      if !replacing { throw CommandError(.cannotCreate, "\(path): exists; use --force to replace it") }
    }
    guard access(directory, W_OK) == 0 else { throw failure("cannot write to \(directory)") }
  }

  private var directory: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package func write(_ bytes: [UInt8]) throws(CommandError) {
    let temporary = "\(path).tmp\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure("cannot create \(temporary)") }
    let isWritten = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
    let writeError = errno
    let isClosed = close(descriptor) == 0
    guard isWritten, isClosed, rename(temporary, path) == 0 else {
      let number = isWritten ? errno : writeError
      unlink(temporary)
      throw failure("cannot write", errorNumber: number)
    }
    syncDirectory()
  }

  private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = posixWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }
  }

  /// Makes the new name durable. The contents are safe already, so a file system that cannot do this is no failure.
  private func syncDirectory() {
    let descriptor = open(directory, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    _ = close(descriptor)
  }

  private func failure(_ what: String, errorNumber: Int32 = errno) -> CommandError {
    CommandError(.cannotCreate, "\(path): \(what): \(String(cString: strerror(errorNumber)))")
  }
}

import NNQFormat

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that appears whole or not at all. Its place is checked before any long work is done for it.
package struct OutputFile: Sendable {
  private let file: AtomicFile

  package var path: String { file.path }

  /// - Parameter replacing: whether an existing file may be replaced (`--force`).
  package init(_ path: String, replacing: Bool) throws(CommandError) {
    file = AtomicFile(path: path, force: replacing)
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { throw CommandError(.cannotCreate, "\(path): is not a regular file") }
      if !replacing { throw CommandError(.cannotCreate, "\(path): exists; use --force to replace it") }
    }
    guard access(directory, W_OK) == 0 else {
      throw CommandError(.cannotCreate, "\(path): cannot write to \(directory): \(String(cString: strerror(errno)))")
    }
  }

  private var directory: String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  package func write(_ bytes: [UInt8]) throws(CommandError) {
    do { try file.write(bytes) } catch { throw CommandError(.cannotCreate, "\(path): \(error.got)") }
  }
}

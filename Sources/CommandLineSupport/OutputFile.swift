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
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      throw CommandError(.cannotCreate, "\(path): is not a regular file")
    }
    // A link to nothing is in the way as well.
    if !replacing, lstat(path, &status) == 0 { throw exists }
    guard access(directory, W_OK) == 0 else {
      throw CommandError(.cannotCreate, "\(path): cannot write to \(directory): \(String(cString: strerror(errno)))")
    }
  }

  private var directory: String { folder(of: path) }

  private var exists: CommandError { CommandError(.cannotCreate, "\(path): exists; use --force to replace it") }

  /// Whether writing this file would replace what `path` names, however the two are spelled and wherever a link leads.
  package func isSamePlace(as path: String) -> Bool {
    guard let own = FilePlace(self.path) else { return false }
    return own == FilePlace(path) || own == FilePlace(followingLinks: path)
  }

  package func write(_ bytes: [UInt8]) throws(CommandError) {
    do { try file.write(bytes) } catch { throw error.code == .exists ? exists : CommandError(.cannotCreate, "\(path): \(error.got)") }
  }
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Replaces a file as a whole: a reader sees the old file or the new one, and a failure leaves nothing behind.
package struct AtomicFile: Sendable {
  package let path: String
  /// Whether an existing file may be replaced.
  let force: Bool

  package init(path: String, force: Bool) {
    self.path = path
    self.force = force
  }

  /// Fails early, before the work of making the contents.
  func checkTarget() throws(FormatError) {
    if !force, access(path, F_OK) == 0 { throw .exists(path) }
  }

  package func write(_ bytes: [UInt8]) throws(FormatError) {
    let (descriptor, temporary) = try openTemporary()
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    do throws(FormatError) {
      try write(bytes, to: descriptor)
      guard fsync(descriptor) == 0 else { throw .inputOutput("fsync") }
      isOpen = false
      guard close(descriptor) == 0 else { throw .inputOutput("close") }
      try commit(temporary)
    } catch {
      unlink(temporary)
      throw error
    }
    try syncDirectory()
  }

  /// A new file beside the target, so that it can be renamed.
  private func openTemporary() throws(FormatError) -> (descriptor: Int32, path: String) {
    for attempt in 0..<100 {
      let temporary = "\(path).\(getpid()).\(attempt).tmp"
      let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { return (descriptor, temporary) }
      guard errno == EEXIST else { throw .inputOutput("creating \(temporary)") }
    }
    throw .inputOutput("creating \(path)")
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(FormatError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FormatError) in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = systemWrite(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw .inputOutput("write") }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
    }
  }

  /// Gives the temporary file its name. `link` fails where a file has appeared meanwhile, `rename` replaces it.
  private func commit(_ temporary: String) throws(FormatError) {
    if !force {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return
      }
      if errno == EEXIST { throw .exists(path) }
      // A file system without hard links: only the early check protects an existing file.
      try checkTarget()
    }
    guard rename(temporary, path) == 0 else { throw .inputOutput("rename to \(path)") }
  }

  /// Makes the new name durable.
  private func syncDirectory() throws(FormatError) {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .inputOutput("open \(directory)") }
    defer { close(descriptor) }
    // Some file systems cannot sync a directory; the file itself is safe.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .inputOutput("fsync \(directory)") }
  }
}

/// write(2), under a name that does not clash with the method.
private func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

extension FormatError {
  fileprivate static func exists(_ path: String) -> FormatError {
    FormatError(.exists, got: "\(path), which exists", expected: "a new file")
  }
}

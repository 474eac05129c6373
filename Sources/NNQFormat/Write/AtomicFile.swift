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
    let draft = try openDraft()
    defer { close(draft.descriptor) }
    do throws(FormatError) {
      try write(bytes, to: draft.descriptor)
      guard fsync(draft.descriptor) == 0 else { throw .inputOutput("fsync") }
      try commit(draft)
    } catch {
      if let name = draft.name { unlink(name) }
      throw error
    }
    try syncDirectory()
  }

  /// The contents on their way, in the target's folder.
  private struct Draft {
    let descriptor: Int32
    /// Nil where the file has none yet, so that nothing is left of it even when a signal ends the process.
    let name: String?
  }

  private func openDraft() throws(FormatError) -> Draft {
    if let descriptor = openNameless() { return Draft(descriptor: descriptor, name: nil) }
    var descriptor: Int32 = -1
    let name = try freeName { name in
      descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      return descriptor >= 0
    }
    return Draft(descriptor: descriptor, name: name)
  }

  /// - Returns: nil where the system or the file system has no files without a name, or none that can be named later.
  private func openNameless() -> Int32? {
    #if canImport(Darwin)
      return nil
    #else
      #if canImport(Musl)
        let nameless = O_TMPFILE
      #else
        // O_TMPFILE, under the name that is visible without _GNU_SOURCE.
        let nameless = __O_TMPFILE
      #endif
      let descriptor = open(directory, O_WRONLY | nameless | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { return nil }
      guard access(AtomicFile.openFilePath(descriptor), F_OK) == 0 else {
        close(descriptor)
        return nil
      }
      return descriptor
    #endif
  }

  /// How an open file is named to linkat(2).
  private static func openFilePath(_ descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  /// A name beside the target, so that the file can be renamed.
  /// - Parameter take: makes the file; false with errno if it cannot.
  private func freeName(_ take: (String) -> Bool) throws(FormatError) -> String {
    for attempt in 0..<100 {
      let name = "\(path).\(getpid()).\(attempt).tmp"
      if take(name) { return name }
      guard errno == EEXIST else { throw .inputOutput("creating \(name)") }
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

  private func commit(_ draft: Draft) throws(FormatError) {
    if let name = draft.name { return try commit(name) }
    if AtomicFile.give(draft.descriptor, name: path) { return }
    guard errno == EEXIST else { throw .inputOutput("link to \(path)") }
    guard force else { throw .exists(path) }
    // Only a rename replaces a file, and it wants a name.
    let name = try freeName { AtomicFile.give(draft.descriptor, name: $0) }
    do throws(FormatError) { try commit(name) } catch {
      unlink(name)
      throw error
    }
  }

  private static func give(_ descriptor: Int32, name: String) -> Bool {
    linkat(AT_FDCWD, openFilePath(descriptor), AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
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

  private var directory: String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }

  /// Makes the new name durable.
  private func syncDirectory() throws(FormatError) {
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

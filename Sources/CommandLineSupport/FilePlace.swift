#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Where a name stands, however its path is spelled: the folder itself and the name in it.
struct FilePlace: Equatable {
  private let device: UInt64
  private let folderNumber: UInt64
  /// As bytes: a file system may tell apart what Unicode does not.
  private let name: [UInt8]

  /// - Returns: nil if there is no such folder.
  init?(_ path: String) {
    var status = stat()
    guard stat(folder(of: path), &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    folderNumber = UInt64(truncatingIfNeeded: status.st_ino)
    name = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last.map(Array.init) ?? []
  }

  /// The place of the file that a path leads to; nil if there is none.
  init?(followingLinks path: String) {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    self.init(String(cString: resolved))
  }
}

/// The folder part of a path: "." for a bare name.
func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

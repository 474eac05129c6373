#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether there is something else than a regular file. What cannot be looked at cannot be opened either.
private func isOtherThanFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
}

/// The pictures and .npy arrays of a folder, by ascending name; other files are passed over.
///
/// - Throws: `unsupported` for a pipe, a device or a folder under such a name, for reading one may never end.
func sampleFiles(inFolder folder: String) throws(InputError) -> [String] {
  let names = try fileNames(inFolder: folder).filter { ["png", "jpg", "jpeg", "ppm", "pgm", "npy"].contains(fileExtension($0)) }
  guard !names.isEmpty else { throw InputError(.missing, folder, "the folder holds no picture and no .npy file") }
  let paths = names.map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
  if let other = paths.first(where: isOtherThanFile) { throw InputError(.unsupported, other, "is not a regular file") }
  return paths
}

private func fileNames(inFolder folder: String) throws(InputError) -> [String] {
  guard let directory = opendir(folder) else {
    throw InputError(.missing, folder, "cannot open", got: String(cString: strerror(errno)))
  }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    // Safe: readdir ends the name with a zero byte, and the entry stays until the next call.
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) { String(cString: $0) }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

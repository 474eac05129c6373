import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file without a name for what many samples give, so that memory does not grow with their number. The system keeps as much
/// of it in memory as it can spare; it is gone when it is closed, however the process ends.
final class ScratchFile: Sendable {
  private let descriptor: Int32
  private let space = Mutex(Space())

  /// Which bytes are in use.
  private struct Space {
    var end = 0
    /// Offsets of places of each size that are free again.
    var free: [Int: [Int]] = [:]

    mutating func take(_ byteCount: Int) -> Int {
      if let offset = free[byteCount]?.popLast() { return offset }
      defer { end += byteCount }
      return end
    }
  }

  /// - Parameter folder: that of TMPDIR, or one for files that may be large.
  /// - Throws: `ConvertError.scratch`
  init(folder: String = getenv("TMPDIR").map { String(cString: $0) } ?? "/var/tmp") throws(ConvertError) {
    // The system puts a free name in place of the last six characters.
    var template = Array("\(folder)/nnconv-\(String(repeating: "X", count: 6))".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw ScratchFile.failure("cannot create a file in \(folder)") }
    unlink(template)
  }

  deinit { close(descriptor) }

  /// Room for one activation.
  func activation(elementCount: Int, sampleCount: Int) -> StoredActivation {
    let offset = space.withLock { $0.take(elementCount * sampleCount * MemoryLayout<Float>.stride) }
    return StoredActivation(file: self, offset: offset, elementCount: elementCount, sampleCount: sampleCount)
  }

  fileprivate func free(_ byteCount: Int, at offset: Int) { space.withLock { $0.free[byteCount, default: []].append(offset) } }

  fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(ConvertError) {
    try transfer(bytes.count, "cannot write to the scratch file") { done in
      pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
    }
  }

  fileprivate func read(_ bytes: UnsafeMutableRawBufferPointer, at offset: Int) throws(ConvertError) {
    try transfer(bytes.count, "cannot read the scratch file") { done in
      pread(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
    }
  }

  /// Calls the system, which may take fewer bytes than it is given, until all are done.
  private func transfer(_ byteCount: Int, _ failure: String, _ call: (_ done: Int) -> Int) throws(ConvertError) {
    var done = 0
    while done < byteCount {
      let count = call(done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw ScratchFile.failure(failure) }
      done += count
    }
  }

  private static func failure(_ what: String) -> ConvertError {
    ConvertError(
      .scratch, at: "calibration samples", "\(what): \(String(cString: strerror(errno)))",
      remedy: "let TMPDIR name a folder with room, or give fewer samples")
  }
}

/// The elements of one activation for each of some samples. Its place in the file is free again with the last reference to it.
final class StoredActivation: Sendable {
  let elementCount: Int
  let sampleCount: Int
  private let file: ScratchFile
  private let offset: Int

  fileprivate init(file: ScratchFile, offset: Int, elementCount: Int, sampleCount: Int) {
    (self.file, self.offset, self.elementCount, self.sampleCount) = (file, offset, elementCount, sampleCount)
  }

  deinit { file.free(sampleCount * byteCount, at: offset) }

  private var byteCount: Int { elementCount * MemoryLayout<Float>.stride }

  /// Each sample is written once, before it is read.
  func write(_ elements: [Float], sample: Int) throws(ConvertError) {
    precondition(elements.count == elementCount && sample < sampleCount, "a sample of the activation")
    // Safe: the place holds sampleCount times so many bytes.
    try elements.withUnsafeBufferPointer { (elements) throws(ConvertError) in
      try file.write(UnsafeRawBufferPointer(elements), at: offset + sample * byteCount)
    }
  }

  func read(sample: Int) throws(ConvertError) -> [Float] {
    precondition(sample < sampleCount, "a sample of the activation")
    var elements = [Float](repeating: 0, count: elementCount)
    try elements.withUnsafeMutableBufferPointer { (elements) throws(ConvertError) in
      try file.read(UnsafeMutableRawBufferPointer(elements), at: offset + sample * byteCount)
    }
    return elements
  }
}

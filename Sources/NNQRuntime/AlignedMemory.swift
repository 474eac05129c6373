#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An allocation that starts at a multiple of 64 bytes: a cache line, and the widest vector of the kernels. Not initialised.
///
/// Sendable, as it is only a place: its owners say who writes when (`PackedConstants`: nobody after its initialiser;
/// `Session`: the threads of one run).
final class AlignedMemory: @unchecked Sendable {
  static let alignment = 64

  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) throws(RuntimeError) {
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, AlignedMemory.alignment, max(byteCount, 1)) == 0, let memory else {
      throw .outOfMemory(byteCount: byteCount)
    }
    base = memory
    self.byteCount = byteCount
  }

  deinit { free(base) }

  /// The next multiple of the alignment.
  static func roundUp(_ byteCount: Int) -> Int { (byteCount + alignment - 1) & ~(alignment - 1) }
}

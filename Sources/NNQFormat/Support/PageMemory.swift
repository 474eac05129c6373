#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Zeros straight from the system, which gives each page when it is first touched.
///
/// Sendable, as it is only a place: its owners say who writes when.
package final class PageMemory: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  private let mapping: UnsafeMutableRawBufferPointer

  /// Of x86-64 and most of arm64. A fault takes about as long for one of these as for 30 of 4 KiB.
  private static let largePageByteCount = 2 << 20

  /// - Parameter usesLargePages: for memory that is filled from end to end: whole large pages within it are taken at once.
  /// - Returns: nil when the system has no memory to give.
  package init?(byteCount: Int, usesLargePages: Bool = false) {
    let isLarge = usesLargePages && byteCount >= Self.largePageByteCount
    let (mappedByteCount, overflow) = max(byteCount, 1).addingReportingOverflow(isLarge ? Self.largePageByteCount : 0)
    guard !overflow else { return nil }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let start = mmap(nil, mappedByteCount, PROT_READ | PROT_WRITE, flags, -1, 0), start != MAP_FAILED else { return nil }
    mapping = UnsafeMutableRawBufferPointer(start: start, count: mappedByteCount)
    // Safe: the mapping is larger by what this rounding adds.
    base = isLarge ? start.alignedUp(toMultipleOf: Self.largePageByteCount) : start
    self.byteCount = byteCount
    #if !canImport(Darwin)
      if isLarge { madvise(base, byteCount / Self.largePageByteCount * Self.largePageByteCount, MADV_HUGEPAGE) }
    #endif
  }

  deinit { munmap(mapping.baseAddress, mapping.count) }
}

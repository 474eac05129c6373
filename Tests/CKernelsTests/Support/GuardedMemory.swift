#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bytes between two pages that nothing may touch: an access past either end ends the test run.
final class GuardedMemory {
  /// Which end of the bytes lies right at a forbidden page.
  enum Placement: CaseIterable { case atStart, atEnd }

  let start: UnsafeMutablePointer<UInt8>
  let byteCount: Int
  private let mapping: UnsafeMutableRawPointer
  private let mappingByteCount: Int

  init(byteCount: Int, placement: Placement) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let usable = max(1, (byteCount + page - 1) / page) * page
    mappingByteCount = usable + 2 * page
    guard let mapping = mmap(nil, mappingByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0), mapping != MAP_FAILED else {
      preconditionFailure("mmap of \(mappingByteCount) bytes failed")
    }
    self.mapping = mapping
    precondition(mprotect(mapping, page, PROT_NONE) == 0 && mprotect(mapping + page + usable, page, PROT_NONE) == 0)
    let offset = placement == .atStart ? page : page + usable - byteCount
    start = (mapping + offset).assumingMemoryBound(to: UInt8.self)
    self.byteCount = byteCount
  }

  convenience init(_ bytes: [UInt8], placement: Placement) {
    self.init(byteCount: bytes.count, placement: placement)
    start.update(from: bytes, count: bytes.count)
  }

  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: start, count: byteCount)) }

  deinit { munmap(mapping, mappingByteCount) }
}

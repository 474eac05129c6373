/// Memory for the stored bytes of one section after another.
final class SectionBuffer {
  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1)

  deinit { memory.deallocate() }

  /// Makes room for `count` bytes; the first `kept` keep their contents. Grows geometrically.
  func reserve(_ count: Int, keeping kept: Int) {
    guard count > memory.count else { return }
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 2 * memory.count), alignment: 64)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<kept]))
    memory.deallocate()
    memory = larger
  }

  /// Valid until `reserve` is called; must lie within what has been reserved.
  func range(_ start: Int, _ count: Int) -> UnsafeMutableRawBufferPointer {
    // Safe: the slice is checked against `memory`; no caller keeps it beyond the section it reads.
    UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + count])
  }
}

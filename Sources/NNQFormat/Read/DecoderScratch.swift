/// What a thread decodes constants in, a chunk at a time.
final class DecoderScratch {
  /// Elements of a chunk: enough that nothing but the work on elements counts, few enough to stay in the first caches. A
  /// multiple of 8, so that a chunk's mask and its dense codes start with a byte.
  static let elementCount = 1 << 15

  /// Room for a chunk of any element type.
  let elements: UnsafeMutableRawBufferPointer
  /// The same, and for as many elements before the first as share its byte.
  let kept: UnsafeMutableRawBufferPointer
  /// One bit for each element.
  let mask: UnsafeMutableRawBufferPointer

  init() {
    let byteCount = Self.elementCount * (ElementType.allCases.map(\.byteCount).max() ?? 1)
    elements = .allocate(byteCount: byteCount, alignment: 64)
    kept = .allocate(byteCount: byteCount + 64, alignment: 64)
    mask = .allocate(byteCount: Self.elementCount / 8, alignment: 64)
  }

  deinit {
    elements.deallocate()
    kept.deallocate()
    mask.deallocate()
  }
}

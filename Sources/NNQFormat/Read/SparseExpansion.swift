/// Puts kept elements at their places among zeros. Spec: format.md 5.4.
/// - `T`: an unsigned integer of the element's width.
struct SparseExpansion<T: FixedWidthInteger & UnsignedInteger> {
  /// The kept elements.
  let kept: UnsafeBufferPointer<T>
  /// All elements; written, not read.
  let elements: UnsafeMutableBufferPointer<T>

  /// A zero has one encoding only: not kept.
  @inline(__always)
  func checkNonzero(_ values: StreamPart) throws(FormatError) {
    // The smallest, as unsigned numbers: a loop without an exit is vectorised, a search is not.
    guard kept.reduce(T.max, min) > 0 else {
      throw values.error(.invalidPositions, at: 0, got: "a kept element that is 0", expected: "other values")
    }
  }

  @inline(__always)
  func expandMask(_ part: StreamPart) throws(FormatError) {
    let mask = part.bytes
    let usedBits = elements.count % 8
    if usedBits > 0, let last = mask.last, last >> usedBits != 0 {
      throw part.error(.reservedNotZero, at: mask.count - 1, got: "bits after the last element", expected: "zeros")
    }
    let ones = mask.reduce(0) { $0 &+ $1.nonzeroBitCount }
    guard ones == kept.count else {
      throw part.error(.invalidPositions, at: 0, got: "a mask of \(ones) ones", expected: "\(kept.count), the kept elements")
    }
    elements.initialize(repeating: 0)
    var next = 0
    for word in 0..<mask.count / 8 {
      let bits = UInt64(littleEndian: mask.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
      expand(bits, at: word &* 64, &next)
    }
    for byte in mask.count / 8 * 8..<mask.count { expand(UInt64(mask[byte]), at: byte &* 8, &next) }
  }

  /// Visits the ones only: a test of each bit is mispredicted at every other element of a pruned net.
  @inline(__always)
  private func expand(_ bits: UInt64, at start: Int, _ next: inout Int) {
    // Safe: a one stands for an element below `elements.count`, since the bits after the last element are zero, and there
    // are as many ones as kept elements.
    var rest = bits
    while rest != 0 {
      elements[start &+ rest.trailingZeroBitCount] = kept[next]
      next &+= 1
      rest &= rest &- 1
    }
  }

  @inline(__always)
  func expandGaps(_ part: StreamPart) throws(FormatError) {
    let gaps = part.bytes
    let jumps = gaps.count { $0 == 255 }
    guard gaps.count - jumps == kept.count, gaps.last != 255 else {
      throw part.error(
        .invalidPositions, at: 0, got: "gaps of \(gaps.count - jumps) elements", expected: "\(kept.count), the last byte below 255")
    }
    elements.initialize(repeating: 0)
    var place = 0
    var next = 0
    for (offset, gap) in gaps.enumerated() {
      place += Int(gap)
      if gap == 255 { continue }
      guard place < elements.count else {
        throw part.error(.invalidPositions, at: offset, got: "element \(place)", expected: "below \(elements.count)")
      }
      // Safe: `place` was checked now, the number of kept elements before.
      elements[place] = kept[next]
      place += 1
      next += 1
    }
  }
}

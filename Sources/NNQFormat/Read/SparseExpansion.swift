/// Puts kept elements at their places among zeros. Spec: format.md 5.4.
/// - `T`: an integer of the element's width.
struct SparseExpansion<T: FixedWidthInteger> {
  /// The kept elements, and one more of any value.
  let kept: UnsafeBufferPointer<T>
  /// All elements; written, not read.
  let elements: UnsafeMutableBufferPointer<T>

  /// A zero has one encoding only: not kept.
  @inline(__always)
  func checkNonzero(_ keptCount: Int, _ values: StreamPart) throws(FormatError) {
    guard !kept[..<keptCount].contains(0) else {
      throw values.error(.invalidPositions, at: 0, got: "a kept element that is 0", expected: "other values")
    }
  }

  @inline(__always)
  func expandMask(_ part: StreamPart, keptCount: Int) throws(FormatError) {
    let mask = part.bytes
    let usedBits = elements.count % 8
    if usedBits > 0, let last = mask.last, last >> usedBits != 0 {
      throw part.error(.reservedNotZero, at: mask.count - 1, got: "bits after the last element", expected: "zeros")
    }
    let ones = mask.reduce(0) { $0 &+ $1.nonzeroBitCount }
    guard ones == keptCount else {
      throw part.error(.invalidPositions, at: 0, got: "a mask of \(ones) ones", expected: "\(keptCount), the kept elements")
    }
    // Safe: the mask has a bit for each element, and as many ones as there are kept elements, so `next` is at most
    // `keptCount`, the index of the extra one. No branch: bits of pruned nets cannot be predicted.
    var next = 0
    for index in 0..<elements.count {
      let bit = mask[index &>> 3] &>> UInt8(truncatingIfNeeded: index & 7) & 1
      elements[index] = kept[next] & (0 &- T(truncatingIfNeeded: bit))
      next &+= Int(bit)
    }
  }

  @inline(__always)
  func expandGaps(_ part: StreamPart, keptCount: Int) throws(FormatError) {
    let gaps = part.bytes
    let jumps = gaps.count { $0 == 255 }
    guard gaps.count - jumps == keptCount, gaps.last != 255 else {
      throw part.error(
        .invalidPositions, at: 0, got: "gaps of \(gaps.count - jumps) elements", expected: "\(keptCount), the last byte below 255")
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

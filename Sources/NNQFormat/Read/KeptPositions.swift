/// The positions part of one constant: which of its elements are kept. Spec: format.md 5.4.
struct KeptPositions {
  private enum Encoding {
    case mask
    /// - Parameters:
    ///   - offset: of the next byte.
    ///   - place: the element it counts from.
    case gaps(offset: Int, place: Int)
  }

  private var encoding: Encoding
  private let part: StreamPart
  private let elementCount: Int

  /// Checks what concerns the part as a whole. Nil for dense constants.
  init?(_ part: StreamPart, _ record: StorageRecord, elementCount: Int) throws(FormatError) {
    self.part = part
    self.elementCount = elementCount
    switch record.positions {
    case .dense: return nil
    case .mask:
      encoding = .mask
      try checkMask(keptCount: record.keptCount)
    case .gaps:
      encoding = .gaps(offset: 0, place: 0)
      try checkGaps(keptCount: record.keptCount)
    }
  }

  /// One bit for each element of a chunk, the first in the lowest bit; those after the last are zero.
  /// - Parameters:
  ///   - range: starts at a multiple of 8 where the one before ended.
  ///   - scratch: a bit for each element of the largest chunk.
  mutating func nextMask(_ range: Range<Int>, _ scratch: UnsafeMutableRawBufferPointer) throws(FormatError) -> UnsafeRawBufferPointer {
    let byteCount = (range.count + 7) / 8
    guard case .gaps(var offset, var place) = encoding else {
      return UnsafeRawBufferPointer(rebasing: part.bytes[range.lowerBound / 8..<range.lowerBound / 8 + byteCount])
    }
    let mask = UnsafeMutableRawBufferPointer(rebasing: scratch[..<byteCount])
    mask.initializeMemory(as: UInt8.self, repeating: 0)
    while offset < part.bytes.count {
      let gap = part.bytes[offset]
      let element = place + Int(gap)
      if gap == 255 {
        place = element
      } else if element >= elementCount {
        throw part.error(.invalidPositions, at: offset, got: "element \(element)", expected: "below \(elementCount)")
      } else if element < range.upperBound {
        mask[(element - range.lowerBound) / 8] |= 1 << UInt8(element % 8)
        place = element + 1
      } else {
        break
      }
      offset += 1
    }
    encoding = .gaps(offset: offset, place: place)
    return UnsafeRawBufferPointer(mask)
  }

  private func checkMask(keptCount: Int) throws(FormatError) {
    let mask = part.bytes
    let usedBits = elementCount % 8
    if usedBits > 0, let last = mask.last, last >> usedBits != 0 {
      throw part.error(.reservedNotZero, at: mask.count - 1, got: "bits after the last element", expected: "zeros")
    }
    let ones = mask.oneCount
    guard ones == keptCount else {
      throw part.error(.invalidPositions, at: 0, got: "a mask of \(ones) ones", expected: "\(keptCount), the kept elements")
    }
  }

  private func checkGaps(keptCount: Int) throws(FormatError) {
    let gaps = part.bytes
    let jumps = gaps.count { $0 == 255 }
    guard gaps.count - jumps == keptCount, gaps.last != 255 else {
      throw part.error(
        .invalidPositions, at: 0, got: "gaps of \(gaps.count - jumps) elements", expected: "\(keptCount), the last byte below 255")
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Bits that are set.
  var oneCount: Int {
    var count = 0
    for word in 0..<self.count / 8 { count &+= loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self).nonzeroBitCount }
    for byte in self.count / 8 * 8..<self.count { count &+= self[byte].nonzeroBitCount }
    return count
  }

  /// Puts kept elements at their places among zeros.
  ///
  /// The receiver is a mask of `elements.count` elements with as many ones as there are kept ones.
  /// - Parameter T: an unsigned integer of the element's width.
  func expand<T: FixedWidthInteger & UnsignedInteger>(
    _ kept: UnsafeMutableRawBufferPointer, into elements: UnsafeMutableRawBufferPointer, as type: T.Type
  ) {
    // Safe: both hold whole elements; their bounds are checked where they are bound.
    let kept = kept.bindMemory(to: T.self)
    let elements = elements.bindMemory(to: T.self)
    elements.initialize(repeating: 0)
    var next = 0
    for word in 0..<count / 8 {
      let bits = UInt64(littleEndian: loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self))
      expand(bits, at: word &* 64, kept, &next, elements)
    }
    for byte in count / 8 * 8..<count { expand(UInt64(self[byte]), at: byte &* 8, kept, &next, elements) }
  }

  /// Visits the ones only: a test of each bit is mispredicted at every other element of a pruned net.
  @inline(__always)
  private func expand<T>(
    _ bits: UInt64, at start: Int, _ kept: UnsafeMutableBufferPointer<T>, _ next: inout Int, _ elements: UnsafeMutableBufferPointer<T>
  ) {
    // Safe: a one stands for an element below `elements.count`, since the bits after the last element are zero, and there
    // are as many ones as kept elements.
    var rest = bits
    while rest != 0 {
      elements[start &+ rest.trailingZeroBitCount] = kept[next]
      next &+= 1
      rest &= rest &- 1
    }
  }
}

/// 8-bit codes as two planes: the low halves of all codes, then the high halves, each packed in fields of 4 bits. The low
/// halves of quantised weights are noise and are stored as they are; only the high ones, half as many bytes, have to be
/// inflated, in the same size as whole codes. Spec: format.md 5.5.
enum NibblePlanes {
  static func planeByteCount(of count: Int) -> Int { (count + 1) / 2 }

  static func split(_ codes: [UInt8]) -> [UInt8] {
    let planeByteCount = planeByteCount(of: codes.count)
    var planes = [UInt8](repeating: 0, count: 2 * planeByteCount)
    for (index, code) in codes.enumerated() {
      let shift = UInt8(index % 2 * 4)
      planes[index / 2] |= (code & 15) << shift
      planes[planeByteCount + index / 2] |= (code >> 4) << shift
    }
    return planes
  }

  /// Where a plane of an odd number of codes has bits after the last one that are not zero.
  static func firstPaddedByte(_ planes: UnsafeRawBufferPointer, count: Int) -> Int? {
    guard count % 2 == 1 else { return nil }
    let planeByteCount = planeByteCount(of: count)
    return [planeByteCount - 1, 2 * planeByteCount - 1].first { planes[$0] >> 4 != 0 }
  }

  /// Some of the elements of uniform 8-bit codes.
  ///
  /// - Parameters:
  ///   - planes: of `count` codes.
  ///   - start: the first element wanted, an even number.
  static func join(_ planes: UnsafeRawBufferPointer, count: Int, from start: Int, into elements: UnsafeMutableRawBufferPointer) {
    // Safe: a slice is checked against the planes, indices stay below the counts of both.
    let byteCount = planeByteCount(of: elements.count)
    let highStart = planeByteCount(of: count) + start / 2
    let lows = UnsafeRawBufferPointer(rebasing: planes[start / 2..<start / 2 + byteCount])
    let highs = UnsafeRawBufferPointer(rebasing: planes[highStart..<highStart + byteCount])
    for pair in 0..<elements.count / 2 {
      let (low, high) = (lows[pair], highs[pair])
      elements[2 &* pair] = ((low & 15) | (high &<< 4)) ^ 0x80
      elements[2 &* pair &+ 1] = ((low &>> 4) | (high & 0xF0)) ^ 0x80
    }
    if elements.count % 2 == 1 {
      elements[elements.count - 1] = ((lows[byteCount - 1] & 15) | (highs[byteCount - 1] << 4)) ^ 0x80
    }
  }
}

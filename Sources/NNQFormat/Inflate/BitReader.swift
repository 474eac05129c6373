/// Reads bits, the least significant of each byte first. RFC 1951, 3.1.1.
struct BitReader {
  private var next: UnsafePointer<UInt8>
  private let end: UnsafePointer<UInt8>
  /// The next bits of the stream, the first in the lowest place; above `count` there are more of them, or zeros.
  private(set) var bits: UInt64 = 0
  /// How many of `bits` are available: its lowest byte is. Above it stands what whole entries have left there.
  private var untidyCount: UInt64 = 0
  @inline(__always) private var count: Int { Int(truncatingIfNeeded: untidyCount & 255) }
  /// Zero bytes that were appended because the stream was at its end.
  private var appendedCount = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) {
    // Safe: the caller has checked that there are `start` bytes.
    let base = bytes.baseAddress.unsafelyUnwrapped
    next = base + start
    end = base + bytes.count
  }

  /// Makes 56 bits or more available. Past the end they are zeros, and `check` finds out if they were used.
  @inline(__always)
  mutating func refill() {
    // Safe: eight bytes are there.
    guard end - next >= 8 else { return refillAtEnd() }
    bits |= UInt64(littleEndian: UnsafeRawPointer(next).loadUnaligned(as: UInt64.self)) &<< untidyCount
    next += (63 &- count) &>> 3
    untidyCount = UInt64(truncatingIfNeeded: count | 56)
  }

  private mutating func refillAtEnd() {
    while count <= 56 {
      if next < end {
        bits |= UInt64(next.pointee) &<< untidyCount
        next += 1
      } else {
        appendedCount += 1
      }
      untidyCount &+= 8
    }
  }

  /// The last refill and what has been consumed since must leave the bits that are consumed or taken.
  @inline(__always)
  mutating func consume(_ entry: HuffmanEntry) {
    bits = bits &>> UInt64(entry.packed)
    untidyCount &-= UInt64(entry.packed)
  }

  @inline(__always)
  mutating func take(_ width: UInt32) -> Int {
    let value = Int(truncatingIfNeeded: bits & (1 &<< UInt64(width) &- 1))
    bits = bits &>> UInt64(width)
    untidyCount &-= UInt64(width)
    return value
  }

  /// Throws when bits past the end have been consumed.
  @inline(__always)
  func check() throws(DeflateDefect) {
    if appendedCount * 8 > count { throw .truncated }
  }

  /// Drops the rest of a byte and returns the bytes from there on. Reading starts anew behind those that are taken.
  mutating func alignedRest() throws(DeflateDefect) -> UnsafeBufferPointer<UInt8> {
    try check()
    let unread = count / 8 - appendedCount
    // Safe: `unread` whole bytes before `next` were loaded and not consumed, none of them appended.
    next -= unread
    bits = 0
    untidyCount = 0
    appendedCount = 0
    return UnsafeBufferPointer(start: next, count: end - next)
  }

  /// Passes over bytes of `alignedRest`.
  mutating func skip(_ byteCount: Int) { next += byteCount }
}

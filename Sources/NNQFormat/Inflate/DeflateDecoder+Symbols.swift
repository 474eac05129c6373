extension DeflateDecoder {
  /// Decodes the literals and matches of one block. RFC 1951, 3.2.5.
  func decodeSymbols(
    _ reader: inout BitReader, _ output: UnsafeMutableBufferPointer<UInt8>, _ written: inout Int
  ) throws(DeflateDefect) {
    // Copies, which stay in registers.
    var bits = reader
    var position = written
    defer { (reader, written) = (bits, position) }
    bits.refill()
    var entry = literals.root(bits)
    while true {
      // Codes found in the root have 11 bits at most, so the 56 bits of a refill hold four and leave a look-up's.
      var literalsLeft = 4
      while entry.isLiteral {
        guard position < output.count else { throw .tooLong }
        output[position] = UInt8(truncatingIfNeeded: entry.value)
        position &+= 1
        bits.consume(entry)
        entry = literals.root(bits)
        literalsLeft &-= 1
        if literalsLeft == 0 {
          bits.refill()
          literalsLeft = 4
        }
      }
      bits.refill()
      bits.consume(entry)
      if entry.kind == .subtable { entry = literals.subtable(entry, &bits) }
      switch entry.kind {
      case .literal:
        guard position < output.count else { throw .tooLong }
        output[position] = UInt8(truncatingIfNeeded: entry.value)
        position &+= 1
      case .base: try copyMatch(entry, &bits, output, &position)
      case .endOfBlock: return
      case .subtable, .illegal: throw .code
      }
      bits.refill()
      entry = literals.root(bits)
    }
  }

  /// A length and a distance: 48 bits at most, of which the length's code has been consumed.
  @inline(__always)
  private func copyMatch(
    _ entry: HuffmanEntry, _ bits: inout BitReader, _ output: UnsafeMutableBufferPointer<UInt8>, _ position: inout Int
  ) throws(DeflateDefect) {
    let length = entry.value &+ bits.take(entry.extraBits)
    var code = distances.root(bits)
    bits.consume(code)
    if code.kind == .subtable { code = distances.subtable(code, &bits) }
    guard code.kind == .base else { throw .code }
    let distance = code.value &+ bits.take(code.extraBits)
    guard distance <= position else { throw .distance }
    guard length <= output.count &- position else { throw .tooLong }
    // Safe: the bytes from `position - distance` to `position + length` lie in the output, and those up to `position` are
    // written. When the two ranges overlap, copied bytes are copied again.
    let target = output.baseAddress.unsafelyUnwrapped + position
    if distance >= length {
      target.update(from: target - distance, count: length)
    } else {
      for index in 0..<length { target[index] = target[index &- distance] }
    }
    position &+= length
  }
}

extension HuffmanTable {
  /// The entry for the next bits, which are not consumed.
  @inline(__always)
  fileprivate func root(_ reader: BitReader) -> HuffmanEntry {
    // Safe: the root has an entry for each value of the mask.
    HuffmanEntry(packed: entries[Int(truncatingIfNeeded: reader.bits) & (1 &<< rootBits &- 1)])
  }

  /// The entry behind a root whose bits have been consumed; consumes its own.
  @inline(__always)
  fileprivate func subtable(_ root: HuffmanEntry, _ reader: inout BitReader) -> HuffmanEntry {
    // Safe: a subtable has an entry for each value of the mask.
    let index = Int(truncatingIfNeeded: reader.bits) & (1 &<< (Self.longestCode &- rootBits) &- 1)
    let entry = HuffmanEntry(packed: entries[root.value &+ index])
    reader.consume(entry)
    return entry
  }
}

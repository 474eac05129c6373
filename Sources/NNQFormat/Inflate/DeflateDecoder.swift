/// Decodes the blocks of a deflate stream. RFC 1951, 3.2.3.
///
/// Why not zlib's: the bytes of quantised weights are nearly all literals of 6 to 12 bits. zlib looks up 9 bits, so a
/// third of the time goes to mispredicted second look-ups. A root of 11 bits, and four literals for each load of bits,
/// take half the time.
final class DeflateDecoder {
  let literals = HuffmanTable(rootBits: 11, symbolCapacity: DeflateSymbols.literalCount)
  let distances = HuffmanTable(rootBits: 9, symbolCapacity: DeflateSymbols.distanceCount)
  private let codeLengths = HuffmanTable(rootBits: 7, symbolCapacity: 19)

  /// Decodes all blocks.
  /// - Parameter output: what does not fit is a defect.
  /// - Returns: the number of bytes written.
  func decode(_ reader: inout BitReader, into output: UnsafeMutableBufferPointer<UInt8>) throws(DeflateDefect) -> Int {
    var written = 0
    var isLast = false
    while !isLast {
      reader.refill()
      isLast = reader.take(1) == 1
      switch reader.take(2) {
      case 0: try copyStored(&reader, output, &written)
      case 1:
        try literals.build(DeflateSymbols.fixedLiteralLengths[...], DeflateSymbols.literals)
        try distances.build(DeflateSymbols.fixedDistanceLengths[...], DeflateSymbols.distances)
        try decodeSymbols(&reader, output, &written)
      case 2:
        try readTables(&reader)
        try decodeSymbols(&reader, output, &written)
      default: throw .blockType
      }
      try reader.check()
    }
    return written
  }

  /// RFC 1951, 3.2.4.
  private func copyStored(
    _ reader: inout BitReader, _ output: UnsafeMutableBufferPointer<UInt8>, _ written: inout Int
  ) throws(DeflateDefect) {
    let rest = try reader.alignedRest()
    guard rest.count >= 4 else { throw .truncated }
    let count = Int(rest[0]) | Int(rest[1]) << 8
    guard count ^ 0xFFFF == Int(rest[2]) | Int(rest[3]) << 8 else { throw .storedLength }
    guard rest.count - 4 >= count else { throw .truncated }
    guard output.count - written >= count else { throw .tooLong }
    for index in 0..<count { output[written + index] = rest[4 + index] }
    written += count
    reader.skip(4 + count)
  }

  /// RFC 1951, 3.2.7.
  private func readTables(_ reader: inout BitReader) throws(DeflateDefect) {
    reader.refill()
    let literalCount = reader.take(5) + 257
    let distanceCount = reader.take(5) + 1
    let codeLengthCount = reader.take(4) + 4
    guard literalCount <= 286, distanceCount <= 30 else { throw .codeLengths }
    var lengthsOfCodeLengths = [UInt8](repeating: 0, count: 19)
    for symbol in DeflateSymbols.codeLengthOrder[..<codeLengthCount] {
      reader.refill()
      lengthsOfCodeLengths[symbol] = UInt8(reader.take(3))
    }
    try codeLengths.build(lengthsOfCodeLengths[...], DeflateSymbols.codeLengths, isComplete: true)
    let lengths = try readLengths(&reader, count: literalCount + distanceCount)
    guard lengths[DeflateSymbols.endOfBlock] > 0 else { throw .codeLengths }
    try literals.build(lengths[..<literalCount], DeflateSymbols.literals)
    try distances.build(lengths[literalCount...], DeflateSymbols.distances)
  }

  private func readLengths(_ reader: inout BitReader, count: Int) throws(DeflateDefect) -> [UInt8] {
    var lengths: [UInt8] = []
    while lengths.count < count {
      reader.refill()
      let entry = HuffmanEntry(packed: codeLengths.entries[Int(reader.bits & 127)])
      reader.consume(entry)
      switch entry.value {
      case 16:
        guard let last = lengths.last else { throw .codeLengths }
        lengths += repeatElement(last, count: 3 + reader.take(2))
      case 17: lengths += repeatElement(0, count: 3 + reader.take(3))
      case 18: lengths += repeatElement(0, count: 11 + reader.take(7))
      default: lengths.append(UInt8(entry.value))
      }
    }
    guard lengths.count == count else { throw .codeLengths }
    return lengths
  }
}

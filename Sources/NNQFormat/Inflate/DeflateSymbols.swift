/// What the symbols of deflate's three alphabets stand for. RFC 1951, 3.2.5 and 3.2.7.
enum DeflateSymbols {
  static let endOfBlock = 256
  /// Symbols 286, 287 and distances 30, 31 have codes in the fixed tables only, and no meaning.
  static let literalCount = 288
  static let distanceCount = 32

  static let literals: [HuffmanEntry] =
    (0..<256).map { HuffmanEntry(.literal, value: $0) } + [HuffmanEntry(.endOfBlock)] + lengths
    + [HuffmanEntry(.illegal), HuffmanEntry(.illegal)]

  /// 3...10 one by one, then four for each number of extra bits; 258 has a symbol of its own.
  private static let lengths: [HuffmanEntry] = {
    var entries = (3...10).map { HuffmanEntry(.base, value: $0) }
    var base = 11
    for extraBits in 1...5 {
      for _ in 0..<4 {
        entries.append(HuffmanEntry(.base, value: base, extraBits: extraBits))
        base += 1 << extraBits
      }
    }
    return entries + [HuffmanEntry(.base, value: 258)]
  }()

  /// 1...4 one by one, then two for each number of extra bits.
  static let distances: [HuffmanEntry] = {
    var entries = (1...4).map { HuffmanEntry(.base, value: $0) }
    var base = 5
    for extraBits in 1...13 {
      for _ in 0..<2 {
        entries.append(HuffmanEntry(.base, value: base, extraBits: extraBits))
        base += 1 << extraBits
      }
    }
    return entries + [HuffmanEntry(.illegal), HuffmanEntry(.illegal)]
  }()

  /// Lengths of codes: 0...15 themselves, 16 the one before, 17 and 18 zeros.
  static let codeLengths: [HuffmanEntry] = (0..<19).map { HuffmanEntry(.literal, value: $0) }
  /// The order in which the lengths of their codes are stored.
  static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  static let fixedLiteralLengths: [UInt8] =
    Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
    + Array(repeating: 8, count: 8)
  static let fixedDistanceLengths: [UInt8] = Array(repeating: 5, count: distanceCount)
}

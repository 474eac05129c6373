/// What a code stands for, packed into 32 bits so that a table of 2^11 stays in the first-level cache.
///
/// From the lowest bit: 8 of width, 3 of kind, 5 of extraBits, 16 of value. A shift by the entry as a whole is one
/// by its width, because shifts of 64 bits look at 6: no mask lies between a look-up and the next.
struct HuffmanEntry {
  enum Kind: UInt32 {
    case literal = 0
    case base, endOfBlock, subtable, illegal
  }

  let packed: UInt32

  /// - Parameters:
  ///   - value: a literal; the base of a length or distance; the start of a subtable.
  ///   - extraBits: that follow the code and are added to the base.
  init(_ kind: Kind, value: Int = 0, extraBits: Int = 0) {
    packed = kind.rawValue << 8 | UInt32(extraBits) << 11 | UInt32(value) << 16
  }

  @inline(__always) init(packed: UInt32) { self.packed = packed }

  func withWidth(_ width: Int) -> HuffmanEntry { HuffmanEntry(packed: packed | UInt32(width)) }

  /// Bits of the code: those after the root's if the entry lies in a subtable.
  @inline(__always) var width: UInt32 { packed & 255 }
  @inline(__always) var isLiteral: Bool { packed & 0x700 == 0 }
  @inline(__always) var kind: Kind { Kind(rawValue: packed &>> 8 & 7) ?? .illegal }
  @inline(__always) var extraBits: UInt32 { packed &>> 11 & 31 }
  @inline(__always) var value: Int { Int(truncatingIfNeeded: packed &>> 16) }
}

/// Finds the symbol of a Huffman code with one look-up, or two for codes longer than the root. RFC 1951, 3.2.2.
final class HuffmanTable {
  static let longestCode = 15

  /// 2^rootBits entries, then the subtables, each behind one entry of the root.
  let entries: UnsafeMutablePointer<UInt32>
  let rootBits: Int
  private let symbolCapacity: Int

  init(rootBits: Int, symbolCapacity: Int) {
    self.rootBits = rootBits
    self.symbolCapacity = symbolCapacity
    entries = .allocate(capacity: 1 << rootBits + symbolCapacity << (Self.longestCode - rootBits))
  }

  deinit { entries.deallocate() }

  /// - Parameters:
  ///   - lengths: of each symbol's code, 0...15, 0 for none; at most `symbolCapacity`.
  ///   - templates: what the symbols stand for, without width; as many as lengths, or more.
  ///   - isComplete: every sequence of bits must be a code. Otherwise a single code of one bit, or none, is allowed too.
  func build(_ lengths: ArraySlice<UInt8>, _ templates: [HuffmanEntry], isComplete: Bool = false) throws(DeflateDefect) {
    var counts = [Int](repeating: 0, count: Self.longestCode + 1)
    for length in lengths { counts[Int(length)] += 1 }
    try check(counts, isComplete: isComplete)
    var code = 0
    var subtables = Subtables(end: 1 << rootBits, entryCount: 1 << (Self.longestCode - rootBits))
    for symbol in Self.symbols(lengths, counts) {
      let length = Int(lengths[lengths.startIndex + symbol])
      if length <= rootBits {
        fill(templates[symbol].withWidth(length), from: code, to: 1 << rootBits, step: 1 << length)
      } else {
        let root = code & (1 << rootBits - 1)
        let start = subtables.start(for: root)
        entries[root] = HuffmanEntry(.subtable, value: start).withWidth(rootBits).packed
        fill(
          templates[symbol].withWidth(length - rootBits), from: start + code >> rootBits, to: subtables.end,
          step: 1 << (length - rootBits))
      }
      code = Self.successor(of: code, length: length)
    }
  }

  /// Kraft's sum: no more codes than fit, and no fewer unless there is at most one, of one bit.
  private func check(_ counts: [Int], isComplete: Bool) throws(DeflateDefect) {
    var free = 1
    for length in 1...Self.longestCode {
      free = 2 * free - counts[length]
      guard free >= 0 else { throw .codeLengths }
    }
    guard free > 0 else { return }
    guard !isComplete, counts[1...].reduce(0, +) == counts[1] else { throw .codeLengths }
    entries.update(repeating: HuffmanEntry(.illegal).packed, count: 1 << rootBits)
  }

  /// Symbols with a code, in the order of their codes: by length, then by number.
  private static func symbols(_ lengths: ArraySlice<UInt8>, _ counts: [Int]) -> [Int] {
    var next = [Int](repeating: 0, count: counts.count)
    for length in 1..<longestCode { next[length + 1] = next[length] + counts[length] }
    var symbols = [Int](repeating: 0, count: lengths.count - counts[0])
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[next[Int(length)]] = symbol
      next[Int(length)] += 1
    }
    return symbols
  }

  private func fill(_ entry: HuffmanEntry, from start: Int, to end: Int, step: Int) {
    // Safe: the root and each subtable lie within the capacity.
    for index in stride(from: start, to: end, by: step) { entries[index] = entry.packed }
  }

  /// The next code of a length. Codes are kept with their first bit lowest, as they are read, so the carry runs downwards.
  private static func successor(of code: Int, length: Int) -> Int {
    var bit = 1 << (length - 1)
    while code & bit != 0 { bit >>= 1 }
    return bit == 0 ? 0 : code & (bit - 1) | bit
  }
}

/// Places subtables one after the other. Codes with one root follow each other, so only the last subtable can be wanted again.
private struct Subtables {
  /// Of the last subtable.
  private(set) var end: Int
  private let entryCount: Int
  private var root: Int?

  init(end: Int, entryCount: Int) {
    self.end = end
    self.entryCount = entryCount
  }

  mutating func start(for root: Int) -> Int {
    if root != self.root {
      self.root = root
      end += entryCount
    }
    return end - entryCount
  }
}

/// What of the streams has been read, inflated and decoded, and the memory it takes.
struct StreamProgress: Sendable {
  private(set) var feed: SectionFeed
  /// In the order of the parts.
  private(set) var nextParts = 0
  /// In the order of the tensor records; nil for those not decoded yet.
  private(set) var constants: [Constant?]

  private let layout: StreamLayout
  /// By section.
  private var isInflated: [Bool]
  /// Sections before the first that is not inflated.
  private var inflatedCount = 0
  /// By block; nil for those not begun yet or done with.
  private var memory: [PageMemory?]
  /// By block.
  private var undecodedCounts: [Int]
  /// What small blocks lay in that are done with: used again, it need not be touched for the first time again. All of one
  /// size, of which only as much is taken from the system as has been used.
  private var spare: [PageMemory] = []
  /// The memory of larger blocks goes back to the system, lest the peak grow by it.
  private static let spareByteCount = 512 << 10
  /// Of the largest block.
  private let blockByteCount: Int

  init(_ layout: StreamLayout, _ feed: SectionFeed) {
    self.layout = layout
    self.feed = feed
    constants = Array(repeating: nil, count: layout.parts.count)
    isInflated = Array(repeating: false, count: layout.sections.count)
    memory = Array(repeating: nil, count: layout.blocks.count)
    undecodedCounts = layout.blocks.map(\.partsCount)
    blockByteCount = layout.blocks.map(\.bytes.count).max() ?? 0
  }

  var nextSection: Int { feed.nextIndex - layout.sections.lowerBound }

  /// Whether all sections of the next parts have been inflated.
  var isNextComplete: Bool { nextParts < layout.parts.count && layout.parts[nextParts].lastSection < inflatedCount }

  /// The next parts, which are complete.
  mutating func takeParts() -> (index: Int, positions: StreamPart, values: StreamPart) {
    let parts = layout.parts[nextParts]
    defer { nextParts += 1 }
    return (
      nextParts, part(parts.positions, block: 0),
      part(parts.values, block: parts.lastSection < 0 ? 0 : layout.blockOfSection[parts.lastSection])
    )
  }

  private func part(_ range: Range<Int>, block: Int) -> StreamPart {
    var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    if !range.isEmpty, let base = memory[block]?.base {
      // Safe: a block holds the whole parts that end in it.
      bytes = UnsafeRawBufferPointer(start: base + (range.lowerBound - layout.blocks[block].bytes.lowerBound), count: range.count)
    }
    return StreamPart(layout: layout, bytes: bytes, start: range.lowerBound)
  }

  /// Reads the next section's stored bytes: to their place if they are the raw ones, else into a buffer.
  /// - Returns: where the raw bytes belong.
  mutating func readSection(_ buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> UnsafeMutableRawBufferPointer {
    let block = layout.blockOfSection[nextSection]
    let bytes = layout.sectionBytes[nextSection]
    let base = try memory(ofBlock: block).base
    // Safe: the block holds the section.
    let raw = UnsafeMutableRawBufferPointer(start: base + (bytes.lowerBound - layout.blocks[block].bytes.lowerBound), count: bytes.count)
    try feed.readStored(into: layout.table.entries[feed.nextIndex].codec == .stored ? raw : buffer)
    return raw
  }

  private mutating func memory(ofBlock block: Int) throws(FormatError) -> PageMemory {
    if let memory = memory[block] { return memory }
    guard let new = spare.popLast() ?? PageMemory(byteCount: blockByteCount) else {
      throw FormatError(.ioError, got: "no memory for \(blockByteCount) bytes", expected: "")
    }
    memory[block] = new
    return new
  }

  mutating func finish(section: Int) {
    isInflated[section] = true
    while inflatedCount < isInflated.count, isInflated[inflatedCount] { inflatedCount += 1 }
  }

  mutating func finish(parts index: Int, _ constant: Constant) {
    let parts = layout.parts[index]
    constants[parts.constant] = constant
    guard parts.lastSection >= 0 else { return }
    let block = layout.blockOfSection[parts.lastSection]
    undecodedCounts[block] -= 1
    if undecodedCounts[block] == 0, let done = memory[block] {
      memory[block] = nil
      if layout.blocks[block].bytes.count <= Self.spareByteCount { spare.append(done) }
    }
  }
}

/// Reads the sections of a file in their order.
struct SectionFeed: Sendable {
  private var source: any ByteSource
  /// Bytes of the file consumed so far.
  private var position: UInt64 = 0
  let header: ModelHeader
  let table: SectionTable
  /// Index of the section that comes next.
  private(set) var nextIndex = 0

  /// Reads and checks header and table.
  init(_ source: any ByteSource, limits: Limits) throws(FormatError) {
    self.source = source
    let available = source.remainingByteCount
    let headerBytes = try self.source.readPrefix(ModelHeader.byteCount)
    header = try ModelHeader(headerBytes, limits: limits)
    if let available { try Self.checkFileSize(available, declared: header.fileByteCount) }
    let tableByteCount = Int(header.sectionCount) * SectionEntry.byteCount
    let tableBytes = try self.source.readPrefix(tableByteCount)
    position = UInt64(headerBytes.count + tableBytes.count)
    guard tableBytes.count == tableByteCount else { throw Self.truncated(at: position) }
    table = try SectionTable(tableBytes, header: header)
  }

  /// Raw bytes of the next section.
  mutating func readSection(_ inflater: Inflater) throws(FormatError) -> [UInt8] {
    let index = nextIndex
    let stored = try readStored()
    return try stored.withUnsafeBufferPointer { (buffer) throws(FormatError) in
      let bytes = UnsafeRawBufferPointer(buffer)
      try table.check(index, stored: bytes)
      guard table.entries[index].codec == .zlib else { return stored }
      return try [UInt8].filled(table.entries[index].rawByteCount) { (raw) throws(FormatError) in
        try inflater.inflate(bytes, into: raw, origin: table.storedOrigin(of: index))
      }
    }
  }

  /// Stored bytes of the next section; the padding before it is checked, its CRC is not.
  private mutating func readStored() throws(FormatError) -> [UInt8] {
    let byteCount = try beginSection()
    var stored: [UInt8] = []
    // Grows with the bytes that come: what a pipe declares may never arrive.
    while stored.count < byteCount {
      let step = min(byteCount - stored.count, 1 << 20)
      let bytes = try source.readPrefix(step)
      stored += bytes
      position += UInt64(bytes.count)
      guard bytes.count == step else { throw Self.truncated(at: position) }
    }
    return stored
  }

  /// The same, into memory that has room for them.
  mutating func readStored(into memory: UnsafeMutableRawBufferPointer) throws(FormatError) {
    let byteCount = try beginSection()
    let read = try source.read(fully: UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount]))
    position += UInt64(read)
    guard read == byteCount else { throw Self.truncated(at: position) }
  }

  /// - Returns: how many stored bytes the next section has, which come next.
  private mutating func beginSection() throws(FormatError) -> Int {
    let entry = table.entries[nextIndex]
    // First, so that no other thread tries to read a section that has failed.
    nextIndex += 1
    try readPadding(to: entry.fileOffset)
    return entry.storedByteCount
  }

  /// Passes over the next section and the padding before it, unchecked.
  mutating func skipSection() throws(FormatError) {
    let end = table.entries[nextIndex].fileOffset + UInt64(table.entries[nextIndex].storedByteCount)
    let count = Int(end - position)
    let passed = try source.skip(count)
    position += UInt64(passed)
    guard passed == count else { throw Self.truncated(at: position) }
    nextIndex += 1
  }

  /// Checks that nothing follows the last section.
  mutating func finish() throws(FormatError) {
    guard try source.readPrefix(1).isEmpty else {
      throw FormatError(.trailingBytes, byteOffset: position, got: "bytes after the last section", expected: "the end of the file")
    }
  }

  private mutating func readPadding(to offset: UInt64) throws(FormatError) {
    let count = Int(offset - position)
    let padding = try source.readPrefix(count)
    if let used = padding.firstIndex(where: { $0 != 0 }) {
      throw FormatError(.paddingNotZero, byteOffset: position + UInt64(used), got: "padding in use", expected: "zeros")
    }
    position += UInt64(padding.count)
    guard padding.count == count else { throw Self.truncated(at: position) }
  }

  private static func checkFileSize(_ size: UInt64, declared: UInt64) throws(FormatError) {
    if size < declared {
      throw FormatError(.truncated, byteOffset: size, got: "a file of \(size) bytes", expected: "\(declared), by its header")
    }
    if size > declared {
      throw FormatError(.trailingBytes, byteOffset: declared, got: "a file of \(size) bytes", expected: "\(declared), by its header")
    }
  }

  private static func truncated(at offset: UInt64) -> FormatError {
    FormatError(.truncated, byteOffset: offset, got: "the end of the file", expected: "more bytes, by its table")
  }
}

extension ByteSource {
  /// Reads until the buffer is full or the source is at its end.
  fileprivate mutating func read(fully buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
    var count = 0
    while count < buffer.count {
      let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
      if read == 0 { break }
      count += read
    }
    return count
  }

  /// Up to `count` bytes, fewer at the end.
  fileprivate mutating func readPrefix(_ count: Int) throws(FormatError) -> [UInt8] {
    var read = 0
    var bytes = try [UInt8].filled(count) { (buffer) throws(FormatError) in read = try self.read(fully: buffer) }
    bytes.removeLast(count - read)
    return bytes
  }
}

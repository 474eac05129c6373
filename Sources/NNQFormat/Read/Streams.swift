import Synchronization

/// The raw contents of the positions sections, then of the values sections. Spec: format.md 5.3.
struct Streams {
  let bytes: [UInt8]
  let table: SectionTable
  let positionsByteCount: Int

  /// Reads, checks and inflates all sections of the two streams.
  ///
  /// Each thread takes the next section's stored bytes under a lock, in the order of the file, and inflates them outside
  /// of it. So a pipe works as well as a file, and a thread holds one stored section of 256 KiB at most.
  init(_ feed: inout SectionFeed, threads: Int) throws(FormatError) {
    table = feed.table
    positionsByteCount = table.rawByteCount(of: .positions)
    let sections = table.indices(of: .positions).lowerBound..<table.indices(of: .values).upperBound
    let starts = Self.starts(of: sections, in: table)
    let shared = SharedFeed(feed, end: sections.upperBound)
    bytes = try .filled(positionsByteCount + table.rawByteCount(of: .values)) { (raw) throws(FormatError) in
      // Safe: each section writes its own range, and `run` returns after all threads have ended.
      nonisolated(unsafe) let raw = raw
      Workers.run(min(threads, sections.count)) {
        shared.inflateSections { UnsafeMutableRawBufferPointer(rebasing: raw[starts[$0 - sections.lowerBound]]) }
      }
      try shared.failure.throwIfAny()
    }
    feed = shared.current
  }

  /// The range of each section's raw bytes in `bytes`.
  private static func starts(of sections: Range<Int>, in table: SectionTable) -> [Range<Int>] {
    var end = 0
    return table.entries[sections].map { entry in
      defer { end += entry.rawByteCount }
      return end..<end + entry.rawByteCount
    }
  }

  /// - Parameter offset: in `bytes`; the error names the section that holds it, and its place there.
  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    let sections = table.indices(of: .positions).lowerBound..<table.indices(of: .values).upperBound
    var start = 0
    for index in sections {
      let end = start + table.entries[index].rawByteCount
      if offset < end { return table.rawOrigin(of: index).error(code, at: offset - start, got: got, expected: expected) }
      start = end
    }
    return FormatError(code, got: got, expected: expected)
  }
}

/// The bytes of one constant in one of the streams.
struct StreamPart {
  let streams: Streams
  /// Valid while the constant is decoded.
  let bytes: UnsafeRawBufferPointer
  /// Of the part, in `streams.bytes`.
  let start: Int

  func error(_ code: FormatError.Code, at offset: Int, got: String, expected: String) -> FormatError {
    streams.error(code, at: start + offset, got: got, expected: expected)
  }
}

/// A feed that several threads take sections from.
private final class SharedFeed: Sendable {
  let failure = FirstFailure<FormatError>()
  private let feed: Mutex<SectionFeed>
  private let end: Int
  private let table: SectionTable

  init(_ feed: SectionFeed, end: Int) {
    self.feed = Mutex(feed)
    self.end = end
    table = feed.table
  }

  var current: SectionFeed { feed.withLock { $0 } }

  /// Takes sections until none is left or one has failed.
  func inflateSections(into destination: (Int) -> UnsafeMutableRawBufferPointer) {
    let inflater = Inflater()
    let buffer = SectionBuffer()
    while failure.isNone, let (index, readError) = takeSection(buffer) {
      do throws(FormatError) {
        if let readError { throw readError }
        let stored = UnsafeRawBufferPointer(buffer.range(0, table.entries[index].storedByteCount))
        try table.decode(index, stored: stored, into: destination(index), inflater: inflater)
      } catch { failure.record(error, index: index) }
    }
  }

  /// Reads the next section's stored bytes; nil after the last.
  private func takeSection(_ buffer: SectionBuffer) -> (index: Int, error: FormatError?)? {
    feed.withLock { feed in
      let index = feed.nextIndex
      guard index < end else { return nil }
      do throws(FormatError) { _ = try feed.readStored(into: buffer) } catch { return (index, error) }
      return (index, nil)
    }
  }
}

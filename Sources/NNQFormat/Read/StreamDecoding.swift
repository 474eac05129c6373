import Synchronization

/// Inflates the sections of the streams and decodes the constants in them, on several threads.
///
/// A thread takes a constant whose sections have all been inflated, or else the next section: it reads the stored bytes under a
/// lock, in the order of the file, and inflates them outside of it. So a pipe works as well as a file, and in memory there are
/// one stored section for each thread and the raw bytes of those constants that have been begun but not decoded.
final class StreamDecoding: Sendable {
  private enum Task {
    case inflate(section: Int)
    /// - Parameter parts: in the order of the parts.
    case decode(parts: Int)
  }

  /// What has been handed out.
  private struct Progress {
    var feed: SectionFeed
    /// By section.
    var isInflated: [Bool]
    /// Sections before the first that is not inflated.
    var inflatedCount = 0
    /// In the order of the parts.
    var nextParts = 0
    /// By constant.
    var results: [Constant?]

    mutating func finish(_ section: Int) {
      isInflated[section] = true
      while inflatedCount < isInflated.count, isInflated[inflatedCount] { inflatedCount += 1 }
    }
  }

  private let layout: StreamLayout
  private let memory: PageMemory
  private let progress: Mutex<Progress>
  private let failure = FirstFailure<FormatError>()
  private let decode: @Sendable (StreamLayout.Parts, UnsafeRawBufferPointer, DecoderScratch) throws(FormatError) -> Constant

  /// - Parameter decode: one constant, of which the raw bytes of the streams hold both parts.
  init(
    _ layout: StreamLayout, _ feed: SectionFeed,
    _ decode: @escaping @Sendable (StreamLayout.Parts, UnsafeRawBufferPointer, DecoderScratch) throws(FormatError) -> Constant
  ) throws(FormatError) {
    guard let memory = PageMemory(byteCount: layout.byteCount) else {
      throw FormatError(.ioError, got: "no memory for \(layout.byteCount) bytes", expected: "")
    }
    self.layout = layout
    self.memory = memory
    self.decode = decode
    progress = Mutex(
      Progress(
        feed: feed, isInflated: Array(repeating: false, count: layout.sections.count),
        results: Array(repeating: nil, count: layout.parts.count)))
  }

  /// - Returns: the constants in the order of the tensor records, and the feed behind the streams.
  func run(threads: Int) throws(FormatError) -> ([Constant], SectionFeed) {
    Workers.run(min(threads, layout.sections.count)) {
      let inflater = Inflater()
      let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: SectionType.values.maximumRawByteCount, alignment: 64)
      defer { stored.deallocate() }
      let scratch = DecoderScratch()
      while let task = self.take(stored) { self.perform(task, stored, inflater, scratch) }
    }
    try failure.throwIfAny()
    return progress.withLock { ($0.results.compactMap { $0 }, $0.feed) }
  }

  /// - Parameter buffer: where the stored bytes of a section to be inflated go.
  /// - Returns: nil when nothing is left, or only what other threads must finish first and then do themselves.
  private func take(_ buffer: UnsafeMutableRawBufferPointer) -> Task? {
    progress.withLock { progress in
      if progress.nextParts < layout.parts.count {
        let next = progress.nextParts
        if layout.parts[next].lastSection < progress.inflatedCount, failure.admits(readingOrder(ofParts: next)) {
          progress.nextParts += 1
          return .decode(parts: next)
        }
      }
      let section = progress.feed.nextIndex - layout.sections.lowerBound
      guard section < layout.sections.count, failure.admits(readingOrder(ofSection: section)) else { return nil }
      do throws(FormatError) {
        let isStored = layout.table.entries[progress.feed.nextIndex].codec == .stored
        try progress.feed.readStored(into: isStored ? raw(section) : buffer)
        return .inflate(section: section)
      } catch {
        failure.record(error, index: readingOrder(ofSection: section))
        return nil
      }
    }
  }

  private func perform(_ task: Task, _ stored: UnsafeMutableRawBufferPointer, _ inflater: Inflater, _ scratch: DecoderScratch) {
    switch task {
    case .inflate(let section):
      do throws(FormatError) {
        try inflate(section, stored, inflater)
        progress.withLock { $0.finish(section) }
      } catch { failure.record(error, index: readingOrder(ofSection: section)) }
    case .decode(let index):
      let parts = layout.parts[index]
      do throws(FormatError) {
        // Safe: these bytes have all been written, and nobody writes them any more.
        let constant = try decode(parts, UnsafeRawBufferPointer(start: memory.base, count: layout.byteCount), scratch)
        progress.withLock { $0.results[parts.constant] = constant }
        memory.release(parts.positions)
        memory.release(parts.values)
      } catch { failure.record(error, index: readingOrder(ofParts: index)) }
    }
  }

  private func inflate(_ section: Int, _ stored: UnsafeMutableRawBufferPointer, _ inflater: Inflater) throws(FormatError) {
    let index = layout.sections.lowerBound + section
    let entry = layout.table.entries[index]
    let raw = raw(section)
    let bytes = UnsafeRawBufferPointer(
      entry.codec == .stored ? raw : UnsafeMutableRawBufferPointer(rebasing: stored[..<entry.storedByteCount]))
    try layout.table.check(index, stored: bytes)
    if entry.codec == .zlib { try inflater.inflate(bytes, into: raw, origin: layout.table.storedOrigin(of: index)) }
  }

  /// Safe: sections have ranges of their own; one thread at a time has a section.
  private func raw(_ section: Int) -> UnsafeMutableRawBufferPointer {
    let range = layout.sectionBytes[section]
    return UnsafeMutableRawBufferPointer(start: memory.base + range.lowerBound, count: range.count)
  }

  /// Of several errors the one that comes first in this order is reported: the streams as a whole, then the parts in them.
  /// What comes before an error is begun whether or not the error has been met. Spec: format.md annex A.
  private func readingOrder(ofSection section: Int) -> Int { section }

  private func readingOrder(ofParts index: Int) -> Int { layout.sections.count + index }
}

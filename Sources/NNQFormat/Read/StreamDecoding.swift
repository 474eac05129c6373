import Synchronization

/// Inflates the sections of the streams and decodes the constants in them, on several threads.
///
/// A thread takes a constant whose sections have all been inflated, or else the next section: it reads the stored bytes under a
/// lock, in the order of the file, and inflates them outside of it. So a pipe works as well as a file, and in memory there are
/// one stored section for each thread, the positions, and of the values what has been begun but not decoded.
final class StreamDecoding: Sendable {
  /// Decodes one constant from the bytes of its two parts.
  typealias Decode =
    @Sendable (StreamLayout.Parts, _ positions: StreamPart, _ values: StreamPart, DecoderScratch) throws(FormatError) -> Constant

  /// Sendable: the bytes are written by the one thread that inflates their section, and read after that has been said under a
  /// lock; their memory is kept until the constants in it have been decoded.
  private enum Task: @unchecked Sendable {
    case inflate(section: Int, raw: UnsafeMutableRawBufferPointer)
    /// - Parameter index: in the order of the parts.
    case decode(index: Int, positions: StreamPart, values: StreamPart)
  }

  private let layout: StreamLayout
  private let progress: Mutex<StreamProgress>
  private let failure = FirstFailure<FormatError>()
  private let decode: Decode

  init(_ layout: StreamLayout, _ feed: SectionFeed, _ decode: @escaping Decode) {
    self.layout = layout
    self.decode = decode
    progress = Mutex(StreamProgress(layout, feed))
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
    return progress.withLock { ($0.constants.compactMap { $0 }, $0.feed) }
  }

  /// - Parameter buffer: where the stored bytes of a section to be inflated go.
  /// - Returns: nil when nothing is left, or only what other threads must finish first and then do themselves.
  private func take(_ buffer: UnsafeMutableRawBufferPointer) -> Task? {
    progress.withLock { progress in
      if progress.isNextComplete, failure.admits(readingOrder(ofParts: progress.nextParts)) {
        let (index, positions, values) = progress.takeParts()
        return .decode(index: index, positions: positions, values: values)
      }
      let section = progress.nextSection
      guard section < layout.sections.count, failure.admits(readingOrder(ofSection: section)) else { return nil }
      do throws(FormatError) {
        return .inflate(section: section, raw: try progress.readSection(buffer))
      } catch {
        failure.record(error, index: readingOrder(ofSection: section))
        return nil
      }
    }
  }

  private func perform(_ task: Task, _ stored: UnsafeMutableRawBufferPointer, _ inflater: Inflater, _ scratch: DecoderScratch) {
    switch task {
    case .inflate(let section, let raw):
      do throws(FormatError) {
        try inflate(section, stored, into: raw, inflater)
        progress.withLock { $0.finish(section: section) }
      } catch { failure.record(error, index: readingOrder(ofSection: section)) }
    case .decode(let index, let positions, let values):
      do throws(FormatError) {
        let constant = try decode(layout.parts[index], positions, values, scratch)
        progress.withLock { $0.finish(parts: index, constant) }
      } catch { failure.record(error, index: readingOrder(ofParts: index)) }
    }
  }

  /// - Parameter raw: of a stored section it holds the bytes already.
  private func inflate(
    _ section: Int, _ stored: UnsafeMutableRawBufferPointer, into raw: UnsafeMutableRawBufferPointer, _ inflater: Inflater
  ) throws(FormatError) {
    let index = layout.sections.lowerBound + section
    let entry = layout.table.entries[index]
    switch entry.codec {
    case .stored: try layout.table.check(index, stored: UnsafeRawBufferPointer(raw))
    case .zlib:
      let bytes = UnsafeRawBufferPointer(rebasing: stored[..<entry.storedByteCount])
      try layout.table.check(index, stored: bytes)
      try inflater.inflate(bytes, into: raw, origin: layout.table.storedOrigin(of: index))
    }
  }

  /// Of several errors the one that comes first in this order is reported: the streams as a whole, then the parts in them.
  /// What comes before an error is begun whether or not the error has been met. Spec: format.md annex A.
  private func readingOrder(ofSection section: Int) -> Int { section }

  private func readingOrder(ofParts index: Int) -> Int { layout.sections.count + index }
}

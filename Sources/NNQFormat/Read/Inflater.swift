import CZlib

/// zlib's inflate, kept between sections: setting it up costs an allocation.
final class Inflater {
  // In memory of its own: zlib keeps a pointer to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let isReady: Bool

  init() {
    stream.initialize(to: z_stream())
    isReady = inflateInit_(stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if isReady { inflateEnd(stream) }
    stream.deallocate()
  }

  /// Inflates one whole zlib stream.
  /// - Throws: `corruptStream` unless `stored` is exactly one valid stream without preset dictionary that holds exactly
  ///   `raw.count` bytes.
  func inflate(
    _ stored: UnsafeRawBufferPointer, into raw: UnsafeMutableRawBufferPointer, origin: Origin
  ) throws(FormatError) {
    guard isReady, inflateReset(stream) == Z_OK else {
      throw FormatError(.ioError, got: "no memory for zlib", expected: "")
    }
    // Safe: zlib reads at most avail_in and writes at most avail_out bytes, the sizes of the two buffers; both are below
    // 2^32 because of `SectionEntry.maximumRawByteCount`. It does not write through next_in.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: stored.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(stored.count)
    stream.pointee.next_out = raw.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(raw.count)
    let status = CZlib.inflate(stream, Z_FINISH)
    guard status == Z_STREAM_END, stream.pointee.avail_in == 0, stream.pointee.avail_out == 0 else {
      throw failure(status, rawCount: raw.count, origin: origin)
    }
  }

  private func failure(_ status: Int32, rawCount: Int, origin: Origin) -> FormatError {
    let got =
      switch status {
      case Z_STREAM_END where stream.pointee.avail_in > 0: "\(stream.pointee.avail_in) bytes after the zlib stream"
      case Z_STREAM_END: "a zlib stream of \(rawCount - Int(stream.pointee.avail_out)) bytes"
      case Z_NEED_DICT: "a preset dictionary"
      case Z_DATA_ERROR: stream.pointee.msg.map { String(cString: $0) } ?? "a damaged zlib stream"
      case _ where stream.pointee.avail_out == 0: "a zlib stream of more than \(rawCount) bytes"
      default: "a zlib stream without its end"
      }
    return origin.error(.corruptStream, at: 0, got: got, expected: "one zlib stream of \(rawCount) bytes")
  }
}

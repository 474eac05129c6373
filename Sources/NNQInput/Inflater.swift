import CZlib

/// zlib's inflate, fed in chunks. A gzip file may have several members; they follow each other.
final class Inflater {
  /// On the heap, because zlib's state points back to it.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var input: [UInt8] = []
  private var consumed = 0
  private let isGzip: Bool
  private var isStarted = false
  /// Whether the last call filled its output, so that more may be pending without new input.
  private var mayHoldOutput = false
  /// Whether the last member has ended, its checksum verified.
  private(set) var isFinished = false

  init(gzip: Bool) {
    isGzip = gzip
    stream.initialize(to: z_stream())
  }

  deinit {
    if isStarted { inflateEnd(stream) }
    stream.deallocate()
  }

  var needsInput: Bool { consumed == input.count && !mayHoldOutput }

  func feed(_ bytes: [UInt8]) {
    input = bytes
    consumed = 0
  }

  /// Inflates some of the input: at most one chunk, perhaps nothing.
  func inflate(name: String) throws(InputError) -> [UInt8] {
    if !isStarted || (isFinished && isGzip) { start() }
    guard !isFinished else { throw InputError(.malformed, name, "bytes follow the compressed data") }
    var output = [UInt8](repeating: 0, count: ByteStream.chunkByteCount)
    let (status, produced) = step(&output)
    switch status {
    case Z_OK, Z_BUF_ERROR: mayHoldOutput = produced == output.count
    case Z_STREAM_END:
      isFinished = true
      mayHoldOutput = false
    case Z_MEM_ERROR: throw InputError(.tooLarge, name, "no memory to inflate")
    default: throw InputError(.malformed, name, "the compressed data are damaged")
    }
    output.removeLast(output.count - produced)
    return output
  }

  private func start() {
    if isStarted { inflateEnd(stream) }
    stream.pointee = z_stream()
    // 15 + 16: gzip with its checksum; -15: bare deflate, as in a zip archive. This fails only for want of memory, which
    // the next inflate reports as a stream error.
    inflateInit2_(stream, isGzip ? 31 : -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    isStarted = true
    isFinished = false
  }

  private func step(_ output: inout [UInt8]) -> (status: Int32, produced: Int) {
    input.withUnsafeMutableBufferPointer { source in
      output.withUnsafeMutableBufferPointer { destination in
        // Safe: consumed <= source.count, both counts are those of the arrays, and zlib uses the pointers only in the call.
        stream.pointee.next_in = source.baseAddress.map { $0 + consumed }
        stream.pointee.avail_in = UInt32(source.count - consumed)
        stream.pointee.next_out = destination.baseAddress
        stream.pointee.avail_out = UInt32(destination.count)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed = source.count - Int(stream.pointee.avail_in)
        return (status, destination.count - Int(stream.pointee.avail_out))
      }
    }
  }
}

/// CRC-32 of zlib and zip, continued from `start` (0 at first).
func crc32(_ start: UInt32, _ bytes: [UInt8]) -> UInt32 {
  if bytes.isEmpty { return start }
  // Safe: pointer and count are those of the array.
  return bytes.withUnsafeBufferPointer { UInt32(CZlib.crc32_z(UInt(start), $0.baseAddress, $0.count)) }
}

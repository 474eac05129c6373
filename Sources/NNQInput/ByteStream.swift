/// Bytes in order, from a part of a file, inflated on the way when it is compressed. Memory does not grow with the file.
final class ByteStream {
  enum Coding: Equatable {
    case stored
    case deflate
    case gzip
  }

  let file: InputFile
  /// What messages call the stream: the file, or the member of an archive.
  let name: String
  private var rest: Range<Int>
  private let inflater: Inflater?
  private var buffer: ArraySlice<UInt8> = []
  /// CRC-32 of the bytes read so far.
  private(set) var crc: UInt32 = 0
  private(set) var readByteCount = 0

  static let chunkByteCount = 1 << 16

  init(_ file: InputFile, range: Range<Int>? = nil, coding: Coding, name: String? = nil) {
    self.file = file
    self.name = name ?? file.name
    rest = range ?? 0..<file.byteCount
    inflater = coding == .stored ? nil : Inflater(gzip: coding == .gzip)
  }

  /// The number of bytes still to come; nil when only inflating would tell.
  var remainingByteCount: Int? { inflater == nil ? buffer.count + rest.count : nil }

  func read(_ count: Int) throws(InputError) -> [UInt8] {
    if let remainingByteCount, remainingByteCount < count { throw endsEarly(count, remainingByteCount) }
    var bytes: [UInt8] = []
    while bytes.count < count {
      if buffer.isEmpty { try refill() }
      guard !buffer.isEmpty else { throw endsEarly(count, bytes.count) }
      let taken = buffer.prefix(count - bytes.count)
      bytes += taken
      buffer = buffer[taken.endIndex...]
    }
    crc = crc32(crc, bytes)
    readByteCount += count
    return bytes
  }

  /// Reads the end of the stream, so that its checksum is checked too.
  func expectEnd() throws(InputError) {
    if buffer.isEmpty { try refill() }
    guard buffer.isEmpty else { throw InputError(.malformed, name, "bytes follow the last element") }
  }

  private func refill() throws(InputError) {
    guard let inflater else {
      buffer = try nextChunk()[...]
      return
    }
    while true {
      if inflater.needsInput {
        let chunk = try nextChunk()
        if chunk.isEmpty && inflater.isFinished { return }
        guard !chunk.isEmpty else { throw InputError(.malformed, name, "the compressed data end early") }
        inflater.feed(chunk)
      }
      let bytes = try inflater.inflate(name: name)
      if !bytes.isEmpty {
        buffer = bytes[...]
        return
      }
    }
  }

  private func nextChunk() throws(InputError) -> [UInt8] {
    let chunk = try file.read(rest.prefix(ByteStream.chunkByteCount))
    rest = rest.dropFirst(chunk.count)
    return chunk
  }

  private func endsEarly(_ needed: Int, _ got: Int) -> InputError {
    InputError(.malformed, name, "the data end early", got: "\(got) bytes", expected: "\(needed) or more")
  }
}

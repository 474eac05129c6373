import CZlib

/// Compresses sections with each of several settings and keeps the smallest result.
struct Deflater: Sendable {
  struct Setting: Sendable {
    var level: Int32
    /// Symbols of a block: 2^(memoryLevel + 6).
    var memoryLevel: Int32 = 9
    var strategy: Int32
  }

  let settings: [Setting]
  private let compressor: (@Sendable (UnsafeRawBufferPointer) -> [UInt8]?)?

  /// Quantised weights hold few repetitions: their entropy is in the single bytes, which Huffman codes alone use as well
  /// as a search for matches does. Masks, tables and graphs do repeat. A search at level 9 instead of 6 takes 4.5 times as
  /// long and saves 0.01 % on weights of 4 and 8 bits; blocks of 32 Ki symbols instead of zlib's 16 Ki save 0.1 to 0.3 %. What
  /// is stored of ResNet-20's and a Fashion-MNIST net's codes and masks, 4 and 8 bits, half pruned or not, is 0.2 to 1.3 % above
  /// its order-0 entropy (`nnrun --info`): a code without Huffman's whole bits could bring no more than that.
  init(_ effort: WriterOptions.Effort, compressor: (@Sendable (UnsafeRawBufferPointer) -> [UInt8]?)? = nil) {
    self.compressor = compressor
    settings =
      switch effort {
      case .stored: []
      case .standard: [Z_DEFAULT_STRATEGY, Z_HUFFMAN_ONLY].map { Setting(level: 6, strategy: $0) }
      case .best:
        [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE].flatMap { strategy in
          [8, 9].map { Setting(level: 9, memoryLevel: $0, strategy: strategy) }
        }
      }
  }

  /// The smallest zlib stream of `raw`; nil if it saves less than 3 %, which is not worth inflating.
  func deflate(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
    let streams = settings.compactMap { deflate(raw, $0) } + [compressor?(raw)].compactMap(\.self)
    guard let smallest = streams.min(by: { $0.count < $1.count }) else { return nil }
    return smallest.count * 100 <= raw.count * 97 ? smallest : nil
  }

  func deflate(_ raw: [UInt8]) -> [UInt8]? { raw.withUnsafeBytes { deflate($0) } }

  /// What a section takes, stored or deflated.
  func packedByteCount(_ raw: [UInt8]) -> Int { deflate(raw)?.count ?? raw.count }

  private func deflate(_ raw: UnsafeRawBufferPointer, _ setting: Setting) -> [UInt8]? {
    var stream = z_stream()
    let streamByteCount = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(
        &stream, setting.level, Z_DEFLATED, MAX_WBITS, setting.memoryLevel, setting.strategy, ZLIB_VERSION, streamByteCount)
        == Z_OK
    else { return nil }
    defer { deflateEnd(&stream) }
    return withUnsafeMutablePointer(to: &stream) { stream in
      let capacity = Int(deflateBound(stream, UInt(raw.count)))
      return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
        // Safe: sizes are those of the buffers, below 2^32 since a section has at most 2^26 bytes; the input is not written.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: raw.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(raw.count)
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(capacity)
        // Always the end of the stream: deflateBound is an upper bound.
        let status = CZlib.deflate(stream, Z_FINISH)
        precondition(status == Z_STREAM_END, "deflateBound is an upper bound")
        initializedCount = capacity - Int(stream.pointee.avail_out)
      }
    }
  }
}

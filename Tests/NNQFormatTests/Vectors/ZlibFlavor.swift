import CZlib

/// Ways to make a compressed stream, one of which the format allows.
enum ZlibFlavor {
  case plain, gzip, rawDeflate, presetDictionary

  private var windowBits: Int32 {
    switch self {
    case .plain, .presetDictionary: MAX_WBITS
    case .gzip: MAX_WBITS + 16
    case .rawDeflate: -MAX_WBITS
    }
  }

  func deflate(_ raw: [UInt8]) -> [UInt8] {
    var raw = raw
    var stream = z_stream()
    let streamByteCount = Int32(MemoryLayout<z_stream>.size)
    deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamByteCount)
    defer { deflateEnd(&stream) }
    if self == .presetDictionary { deflateSetDictionary(&stream, [1, 2, 3, 4], 4) }
    var deflated = [UInt8](repeating: 0, count: raw.count + 1024)
    let capacity = deflated.count
    raw.withUnsafeMutableBufferPointer { raw in
      deflated.withUnsafeMutableBufferPointer { deflated in
        stream.next_in = raw.baseAddress
        stream.avail_in = UInt32(raw.count)
        stream.next_out = deflated.baseAddress
        stream.avail_out = UInt32(capacity)
        _ = CZlib.deflate(&stream, Z_FINISH)
      }
    }
    return Array(deflated[..<(capacity - Int(stream.avail_out))])
  }
}

/// The header of an IDX file (the format of MNIST): two zero bytes, a type code, the number of axes, big-endian extents.
struct IDXHeader: Equatable {
  var type: WireType
  var shape: [Int]

  /// Whether the first four bytes of a file can be those of IDX.
  static func matches(_ start: [UInt8]) -> Bool {
    start.count >= 4 && start[0] == 0 && start[1] == 0 && type(code: start[2]) != nil && (1...8).contains(start[3])
  }

  /// Reads the header and leaves the stream at the first element.
  init(_ stream: ByteStream) throws(InputError) {
    let start = try stream.read(4)
    guard IDXHeader.matches(start), let type = IDXHeader.type(code: start[2]) else {
      throw InputError(.malformed, stream.name, "is no IDX file")
    }
    self.type = type
    shape = []
    for _ in 0..<start[3] { shape.append(try stream.read(4).reduce(0) { $0 << 8 | Int($1) }) }
  }

  private static func type(code: UInt8) -> WireType? {
    switch code {
    case 0x08: WireType(number: .unsigned, byteCount: 1)
    case 0x09: WireType(number: .signed, byteCount: 1)
    case 0x0B: WireType(number: .signed, byteCount: 2, isBigEndian: true)
    case 0x0C: WireType(number: .signed, byteCount: 4, isBigEndian: true)
    case 0x0D: WireType(number: .float, byteCount: 4, isBigEndian: true)
    case 0x0E: WireType(number: .float, byteCount: 8, isBigEndian: true)
    default: nil
    }
  }
}

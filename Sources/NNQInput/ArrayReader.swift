/// An array in a file, read element by element from the front: .npy, a member of .npz, IDX, or raw elements.
final class ArrayReader {
  let name: String
  let shape: [Int]
  let type: WireType
  private let stream: ByteStream
  private let limits: InputLimits
  private var remainingElementCount: Int
  /// What the bytes of the stream must come to when all are read; nil where nothing is declared.
  private let expectedCRC: UInt32?

  /// - Throws: `malformed` if the file is shorter or longer than its header says.
  init(
    _ stream: ByteStream, type: WireType, shape: [Int], limits: InputLimits, expectedCRC: UInt32? = nil,
    declaredByteCount: Int? = nil
  ) throws(InputError) {
    name = stream.name
    guard let count = elementCount(shape), let byteCount = elementCount([count, type.byteCount]) else {
      throw InputError(.malformed, name, "shape \(shapeText(shape)) is too large")
    }
    if let available = declaredByteCount ?? stream.remainingByteCount, available != byteCount {
      throw InputError(.malformed, name, "elements", got: "\(available) bytes", expected: "\(byteCount) for shape \(shapeText(shape))")
    }
    self.stream = stream
    self.type = type
    self.shape = shape
    self.limits = limits
    self.expectedCRC = expectedCRC
    remainingElementCount = count
    if count == 0 { try checkEnd() }
  }

  /// The elements after those that were read before.
  /// - Throws: `tooLarge` above `limits.arrayByteCount`; `malformed` for damaged or missing bytes.
  func read(_ count: Int) throws(InputError) -> InputArray.Values {
    guard count <= remainingElementCount else { throw InputError(.malformed, name, "no more elements") }
    guard count <= limits.arrayByteCount / type.byteCount else {
      throw InputError(.tooLarge, name, "array", got: "\(count) elements", expected: "at most \(limits.arrayByteCount) bytes")
    }
    let values = try type.decode(try stream.read(count * type.byteCount), file: name)
    remainingElementCount -= count
    if remainingElementCount == 0 && count > 0 { try checkEnd() }
    return values
  }

  func readAll() throws(InputError) -> InputArray {
    InputArray(shape: shape, values: try read(remainingElementCount))
  }

  private func checkEnd() throws(InputError) {
    try stream.expectEnd()
    if let expectedCRC, stream.crc != expectedCRC { throw InputError(.malformed, name, "the checksum does not match; the file is damaged") }
  }
}

extension ArrayReader {
  static func npy(_ stream: ByteStream, limits: InputLimits) throws(InputError) -> ArrayReader {
    let header = try NpyHeader(stream)
    return try ArrayReader(stream, type: header.type, shape: header.shape, limits: limits)
  }

  static func idx(_ stream: ByteStream, limits: InputLimits) throws(InputError) -> ArrayReader {
    let header = try IDXHeader(stream)
    return try ArrayReader(stream, type: header.type, shape: header.shape, limits: limits)
  }

  /// A member of an .npz archive.
  static func npy(_ member: ZipDirectory.Member, in archive: ZipDirectory, limits: InputLimits) throws(InputError) -> ArrayReader {
    let stream = try archive.open(member)
    let header = try NpyHeader(stream)
    return try ArrayReader(
      stream, type: header.type, shape: header.shape, limits: limits, expectedCRC: member.crc,
      declaredByteCount: member.byteCount - stream.readByteCount)
  }
}

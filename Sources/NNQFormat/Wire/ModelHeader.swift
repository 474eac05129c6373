/// The first 64 bytes of a file. Spec: format.md 3.
public struct ModelHeader: Equatable, Sendable {
  static let byteCount = 64
  static let signature: [UInt8] = [0x89, 0x4E, 0x4E, 0x51, 0x0D, 0x0A, 0x1A, 0x0A]
  static let major: UInt16 = 1
  /// The lowest minor version with all that this writer emits.
  static let writtenMinor: UInt16 = 0

  public var minor: UInt16
  public var sectionCount: UInt32
  public var fileByteCount: UInt64
  public var rawByteCount: UInt64
  public var constantByteCount: UInt64
  public var cost: DeclaredCost
  var tableCRC: UInt32

  /// The last four bytes of the header; of the bytes before them.
  private static let crcOffset = 60

  var encoded: [UInt8] {
    var bytes = Self.signature
    bytes.appendInteger(Self.major)
    bytes.appendInteger(minor)
    bytes.appendInteger(sectionCount)
    for count in [fileByteCount, rawByteCount, constantByteCount, cost.activationByteCount, cost.macCount] {
      bytes.appendInteger(count)
    }
    bytes.appendInteger(tableCRC)
    bytes.appendInteger(crc32(of: bytes))
    return bytes
  }

  /// Checks signature and version, which any version has in the same place, then the checksum, then the fields.
  /// - Parameter bytes: 64 bytes, or what there is of them.
  init(_ bytes: [UInt8], limits: Limits) throws(FormatError) {
    let origin = Origin(fileOffset: 0)
    try Self.checkSignature(bytes)
    guard bytes.count == Self.byteCount else {
      throw FormatError(.truncated, byteOffset: UInt64(bytes.count), got: "end of the file", expected: "a header of 64 bytes")
    }
    var parser = ContentParser(bytes, origin: origin)
    _ = try parser.take(Self.signature.count)
    let major: UInt16 = try parser.integer()
    guard major == Self.major else {
      throw parser.fieldError(.unsupportedVersion, got: "major version \(major)", expected: "\(Self.major)")
    }
    let stored = bytes[Self.crcOffset...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    try checkCRC(stored: stored, computed: crc32(of: bytes[..<Self.crcOffset]), origin: origin, at: Self.crcOffset)
    minor = try parser.integer()
    sectionCount = try parser.integer()
    fileByteCount = try parser.integer()
    rawByteCount = try parser.integer()
    constantByteCount = try parser.integer()
    cost = DeclaredCost(activationByteCount: try parser.integer(), macCount: try parser.integer())
    tableCRC = try parser.integer()
    try check(limits)
  }

  init(sectionCount: UInt32, fileByteCount: UInt64, rawByteCount: UInt64, constantByteCount: UInt64, cost: DeclaredCost, tableCRC: UInt32) {
    self.minor = Self.writtenMinor
    self.sectionCount = sectionCount
    self.fileByteCount = fileByteCount
    self.rawByteCount = rawByteCount
    self.constantByteCount = constantByteCount
    self.cost = cost
    self.tableCRC = tableCRC
  }

  private static func checkSignature(_ bytes: [UInt8]) throws(FormatError) {
    guard let offset = zip(bytes, signature).enumerated().first(where: { $1.0 != $1.1 })?.offset else { return }
    let isTextDamage = offset >= 4
    throw FormatError(
      .badSignature, byteOffset: UInt64(offset),
      got: isTextDamage ? "a signature changed by a transfer in text mode" : "another signature",
      expected: signature.map { hexadecimal($0) }.joined(separator: " "))
  }

  private func check(_ limits: Limits) throws(FormatError) {
    guard (2...1 << 20).contains(sectionCount) else {
      throw FormatError(.sectionCount, byteOffset: 12, got: "\(sectionCount) sections", expected: "2...\(1 << 20)")
    }
    let checks: [(String, UInt64, UInt64, UInt64)] = [
      ("sections", 12, UInt64(sectionCount), UInt64(limits.sectionCount)),
      ("bytes in the file", 16, fileByteCount, limits.fileByteCount),
      ("bytes of sections", 24, rawByteCount, limits.rawByteCount),
      ("bytes of constants", 32, constantByteCount, limits.constantByteCount),
      ("bytes of activations", 40, cost.activationByteCount, limits.activationByteCount),
    ]
    for (name, offset, value, limit) in checks where value > limit {
      throw FormatError(.limitExceeded, byteOffset: offset, got: "\(value) \(name)", expected: "at most \(limit)")
    }
  }
}

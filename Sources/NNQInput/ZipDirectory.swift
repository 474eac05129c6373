/// The members of a zip archive, as far as numpy's .npz uses the format: stored or deflated, no encryption, below 4 GiB.
struct ZipDirectory {
  struct Member: Equatable {
    var name: String
    var isDeflated: Bool
    var crc: UInt32
    var storedByteCount: Int
    var byteCount: Int
    var headerOffset: Int
  }

  let file: InputFile
  private(set) var members: [Member] = []

  static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  private static let endMagic: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
  private static let endByteCount = 22
  private static let maximumCommentByteCount = 0xFFFF
  private static let maximumDirectoryByteCount = 1 << 24
  /// No deflate stream expands by more than this.
  private static let maximumExpansion = 1032

  init(_ file: InputFile) throws(InputError) {
    self.file = file
    let tail = try file.read(max(0, file.byteCount - ZipDirectory.endByteCount - ZipDirectory.maximumCommentByteCount)..<file.byteCount)
    guard let end = ZipDirectory.endRecord(in: tail) else {
      throw malformed("the archive's directory is missing; the file is cut off or damaged")
    }
    var fields = ByteFields(tail[end...].dropFirst(4))
    let disks = (fields.u16(), fields.u16())
    let (countHere, count) = (fields.u16(), fields.u16())
    let (byteCount, offset) = (fields.u32(), fields.u32())
    guard disks == (0, 0), countHere == count, count != 0xFFFF, byteCount != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else {
      throw InputError(.unsupported, file.name, "archives in parts or above 4 GiB are not read")
    }
    guard byteCount <= ZipDirectory.maximumDirectoryByteCount, offset <= file.byteCount - byteCount else {
      throw malformed("the archive's directory lies outside of the file")
    }
    try readMembers(count: count, from: try file.read(offset..<offset + byteCount))
  }

  /// Where the end record begins: the last place whose comment length agrees with the end of the file.
  private static func endRecord(in tail: [UInt8]) -> Int? {
    guard tail.count >= endByteCount else { return nil }
    return stride(from: tail.count - endByteCount, through: 0, by: -1).first { start in
      guard tail[start...].starts(with: endMagic) else { return false }
      return start + endByteCount + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 == tail.count
    }
  }

  private mutating func readMembers(count: Int, from directory: [UInt8]) throws(InputError) {
    var fields = ByteFields(directory[...])
    for _ in 0..<count {
      guard fields.count >= 46, fields.u32() == 0x0201_4B50 else { throw malformed("the archive's directory is damaged") }
      fields.skip(4)
      let (flags, method) = (fields.u16(), fields.u16())
      fields.skip(4)
      let crc = UInt32(fields.u32())
      let (storedByteCount, byteCount) = (fields.u32(), fields.u32())
      let (nameCount, extraCount, commentCount) = (fields.u16(), fields.u16(), fields.u16())
      fields.skip(8)
      let headerOffset = fields.u32()
      guard fields.count >= nameCount + extraCount + commentCount else { throw malformed("the archive's directory is damaged") }
      let name = String(decoding: fields.bytes(nameCount), as: UTF8.self)
      fields.skip(extraCount + commentCount)
      let member = Member(
        name: name, isDeflated: method == 8, crc: crc, storedByteCount: storedByteCount, byteCount: byteCount, headerOffset: headerOffset)
      try check(member, flags: flags, method: method)
      members.append(member)
    }
  }

  private func check(_ member: Member, flags: Int, method: Int) throws(InputError) {
    guard flags & 1 == 0, method == 0 || method == 8, member.storedByteCount != 0xFFFF_FFFF, member.byteCount != 0xFFFF_FFFF else {
      throw InputError(.unsupported, file.name, "\(member.name): neither stored nor deflated, or encrypted, or above 4 GiB")
    }
    let largest = member.isDeflated ? member.storedByteCount * ZipDirectory.maximumExpansion : member.storedByteCount
    guard member.byteCount <= largest, member.isDeflated || member.byteCount == member.storedByteCount else {
      throw malformed("\(member.name): the declared size is impossible")
    }
  }

  /// The contents of a member.
  func open(_ member: Member) throws(InputError) -> ByteStream {
    let start = member.headerOffset
    guard start <= file.byteCount - 30 else { throw malformed("\(member.name): lies outside of the file") }
    var fields = ByteFields(try file.read(start..<start + 30)[...])
    guard fields.u32() == 0x0403_4B50 else { throw malformed("\(member.name): the header is damaged") }
    fields.skip(22)
    let data = start + 30 + fields.u16() + fields.u16()
    guard data <= file.byteCount - member.storedByteCount else { throw malformed("\(member.name): lies outside of the file") }
    return ByteStream(
      file, range: data..<data + member.storedByteCount, coding: member.isDeflated ? .deflate : .stored,
      name: "\(file.name): \(member.name)")
  }

  private func malformed(_ problem: String) -> InputError { InputError(.malformed, file.name, problem) }
}

/// Little-endian fields, taken from the front of bytes whose count the caller has checked.
struct ByteFields {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var count: Int { rest.count }

  mutating func bytes(_ count: Int) -> ArraySlice<UInt8> {
    defer { skip(count) }
    return rest.prefix(count)
  }

  mutating func skip(_ count: Int) { rest = rest.dropFirst(count) }

  mutating func u16() -> Int { integer(2) }
  mutating func u32() -> Int { integer(4) }

  private mutating func integer(_ count: Int) -> Int { bytes(count).reversed().reduce(0) { $0 << 8 | Int($1) } }
}

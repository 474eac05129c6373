/// .npy version 1.0: the bytes that numpy.save writes for the same array.
package func npyBytes(_ array: InputArray) -> [UInt8] {
  let shape = array.shape.map { "\($0)" }.joined(separator: ", ") + (array.shape.count == 1 ? "," : "")
  var text = "{'descr': '\(array.values.npyCode)', 'fortran_order': False, 'shape': (\(shape)), }"
  // The header, with its newline, ends at a multiple of 64.
  let start = NpyHeader.magic.count + 4
  text += String(repeating: " ", count: 63 - (start + text.utf8.count) % 64) + "\n"
  return NpyHeader.magic + [1, 0] + littleEndian(UInt16(text.utf8.count)) + text.utf8 + array.values.littleEndianBytes
}

/// A .npz archive of stored members, in the order given.
/// - Precondition: the archive stays below 4 GiB and 65,535 members.
package func npzBytes(_ arrays: [(name: String, array: InputArray)]) -> [UInt8] {
  var archive: [UInt8] = []
  var directory: [UInt8] = []
  for (name, array) in arrays {
    let contents = npyBytes(array)
    let fields = zipFields(crc: crc32(0, contents), byteCount: contents.count, name: "\(name).npy")
    directory += littleEndian(UInt32(0x0201_4B50)) + littleEndian(UInt16(20)) + fields.common
    directory += [UInt8](repeating: 0, count: 10) + littleEndian(UInt32(archive.count)) + fields.name
    archive += ZipDirectory.magic + fields.common + fields.name + contents
  }
  let count = littleEndian(UInt16(arrays.count))
  let end: [UInt8] = littleEndian(UInt32(0x0605_4B50)) + [0, 0, 0, 0] + count + count
  return archive + directory + end + littleEndian(UInt32(directory.count)) + littleEndian(UInt32(archive.count)) + [0, 0]
}

/// What a member's local header and its directory entry share, up to the lengths of name and extra field.
private func zipFields(crc: UInt32, byteCount: Int, name: String) -> (common: [UInt8], name: [UInt8]) {
  // Version 2.0; flag bit 11: the name is UTF-8; method 0; midnight of 1 January 1980, so that equal arrays give equal files.
  let start: [UInt8] = littleEndian(UInt16(20)) + littleEndian(UInt16(1 << 11)) + littleEndian(UInt16(0)) + [0, 0, 0x21, 0]
  let size = littleEndian(UInt32(byteCount))
  let nameBytes = Array(name.utf8)
  return (start + littleEndian(crc) + size + size + littleEndian(UInt16(nameBytes.count)) + [0, 0], nameBytes)
}

func littleEndian<T: FixedWidthInteger>(_ value: T) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

extension InputArray.Values {
  fileprivate var npyCode: String {
    switch self {
    case .uint8: "|u1"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .float32: "<f4"
    }
  }

  package var littleEndianBytes: [UInt8] {
    switch self {
    case .uint8(let values): values
    case .int8(let values): bytes(values)
    case .int16(let values): bytes(values)
    case .int32(let values): bytes(values)
    case .int64(let values): bytes(values)
    case .float32(let values): bytes(values.map(\.bitPattern))
    }
  }

  private func bytes<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}

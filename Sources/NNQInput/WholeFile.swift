/// All bytes of a file; "-" is the standard input.
///
/// - Throws: `missing`; `tooLarge` above `limits.fileByteCount`.
package func readFile(_ path: String, limits: InputLimits = InputLimits()) throws(InputError) -> [UInt8] {
  let file = try InputFile(path: path, limits: limits)
  guard file.byteCount <= limits.fileByteCount else {
    throw InputError(.tooLarge, file.name, "is too large", got: "\(file.byteCount) bytes", expected: "at most \(limits.fileByteCount)")
  }
  return try file.read(0..<file.byteCount)
}

/// All bytes of a file; "-" is the standard input.
///
/// - Throws: `missing`; `tooLarge` above `limits.fileByteCount`.
package func readFile(_ path: String, limits: InputLimits = InputLimits()) throws(InputError) -> [UInt8] {
  try InputFile(path: path, limits: limits).readAll(limits: limits)
}

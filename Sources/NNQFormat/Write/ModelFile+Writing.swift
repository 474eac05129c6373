extension ModelFile {
  /// The bytes of a file that holds this model.
  ///
  /// The same model and effort give the same bytes, with any number of threads and with one version of zlib.
  /// - Throws: `unencodable`, or what a reader would throw, when the model breaks a rule of format.md.
  public func encoded(_ options: WriterOptions = .standard) throws(FormatError) -> [UInt8] {
    try Writer.encode(self, options)
  }

  /// Writes the model to a file, whole or not at all.
  /// - Parameter force: replaces an existing file. Otherwise it is kept and `exists` is thrown.
  public func write(to path: String, force: Bool = false, options: WriterOptions = .standard) throws(FormatError) {
    let file = AtomicFile(path: path, force: force)
    try file.checkTarget()
    try file.write(try encoded(options))
  }
}

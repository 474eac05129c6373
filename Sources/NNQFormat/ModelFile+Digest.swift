extension ModelFile {
  /// Identifies the model whatever zlib, encodings and cuts its file has: 32 bytes. Spec: format.md 7.
  /// - Throws: as `encoded` when the model breaks a rule of the format.
  public func contentDigest() throws(FormatError) -> [UInt8] {
    var hash = SHA256()
    hash.update(try GraphSection.encode(graph))
    for tensor in graph.tensors {
      if case .constant(let constant) = tensor.role { hash.update(constant.bytes) }
    }
    for section in try optionalSections() {
      var head: [UInt8] = []
      head.appendInteger(section.type)
      head.appendInteger(UInt64(section.bytes.count))
      hash.update(head)
      hash.update(section.bytes)
    }
    return hash.finalize()
  }
}

extension Collection<UInt8> {
  /// Lowercase, two digits for each byte.
  public var hexString: String { map { hexadecimal($0, uppercase: false) }.joined() }
}

extension ModelFile {
  /// Whether bytes begin as an `.nnq` file does; tells it from other kinds of file. Spec: format.md 3.
  package static func hasSignature(_ bytes: [UInt8]) -> Bool { bytes.starts(with: ModelHeader.signature) }
}

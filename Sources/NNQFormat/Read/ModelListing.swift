/// What a file says about itself, read without inflating its constants.
public struct ModelListing: Equatable, Sendable {
  public var header: ModelHeader
  public var sections: [SectionEntry]
  /// All but the elements of constants, which are empty.
  public var model: ModelFile
  /// One for each constant, in the order of the tensors.
  public var storage: [StorageRecord]
}

extension ModelFile {
  /// Reads header, table, graph and optional sections; checks those only.
  public static func inspect(contentsOf path: String, limits: Limits = .default) throws(FormatError) -> ModelListing {
    try withFile(path) { (source) throws(FormatError) in try Reader.list(source, limits: limits) }
  }

  public static func inspect(from source: any ByteSource, limits: Limits = .default) throws(FormatError) -> ModelListing {
    try Reader.list(source, limits: limits)
  }
}

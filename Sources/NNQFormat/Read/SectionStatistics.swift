/// What the inflated contents of a section are made of.
package struct SectionStatistics: Equatable, Sendable {
  /// How often each of the 256 byte values occurs.
  package let byteCounts: [Int]

  init(_ contents: [UInt8]) {
    var counts = [Int](repeating: 0, count: 256)
    for byte in contents { counts[Int(byte)] += 1 }
    byteCounts = counts
  }
}

extension ModelFile {
  /// Inflates and checks every section, one after the other.
  ///
  /// - Returns: one for each row of the table.
  package static func sectionStatistics(
    contentsOf path: String, limits: Limits = .default
  ) throws(FormatError) -> [SectionStatistics] {
    try withFile(path) { (source) throws(FormatError) in try sectionStatistics(from: source, limits: limits) }
  }

  static func sectionStatistics(from source: any ByteSource, limits: Limits = .default) throws(FormatError) -> [SectionStatistics] {
    var feed = try SectionFeed(source, limits: limits)
    let inflater = Inflater()
    var statistics: [SectionStatistics] = []
    while feed.nextIndex < feed.table.entries.count { statistics.append(SectionStatistics(try feed.readSection(inflater))) }
    return statistics
  }
}

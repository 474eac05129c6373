/// A section before it is compressed.
struct RawSection: Sendable {
  var type: UInt16
  var isCritical: Bool
  var isSafeToCopy: Bool
  var bytes: [UInt8]

  init(_ type: SectionType, _ bytes: [UInt8]) {
    self.type = type.rawValue
    isCritical = type.isCritical
    isSafeToCopy = type.isSafeToCopy
    self.bytes = bytes
  }

  init(_ unknown: ModelFile.UnknownSection) {
    type = unknown.type
    isCritical = false
    isSafeToCopy = true
    bytes = unknown.bytes
  }
}

extension ModelFile {
  /// The sections after the streams, in the order of the table. Spec: format.md 6.
  func optionalSections() throws(FormatError) -> [RawSection] {
    var sections: [RawSection] = []
    if let labels { sections.append(RawSection(.labels, try OptionalSections.encodeLabels(labels))) }
    if let preprocessing { sections.append(RawSection(.preprocessing, try OptionalSections.encodePreprocessing(preprocessing))) }
    if let provenance { sections.append(RawSection(.provenance, try OptionalSections.encodeProvenance(provenance))) }
    if let selfTest { sections.append(RawSection(.selfTest, try OptionalSections.encodeSelfTest(selfTest))) }
    for unknown in unknownSections {
      guard SectionType(rawValue: unknown.type) == nil, unknown.type > SectionType.values.rawValue else {
        throw FormatError(.unencodable, got: "an unknown section of type \(unknown.type)", expected: "a type of no known section")
      }
      sections.append(RawSection(unknown))
    }
    for section in sections where !(1...SectionEntry.maximumRawByteCount).contains(section.bytes.count) {
      throw FormatError(
        .unencodable, got: "a section of type \(section.type) with \(section.bytes.count) bytes",
        expected: "1...\(SectionEntry.maximumRawByteCount)")
    }
    // Stable, so sections of one type keep their order.
    return sections.enumerated().sorted { ($0.element.type, $0.offset) < ($1.element.type, $1.offset) }.map(\.element)
  }
}

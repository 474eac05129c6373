/// Encodes a model. Spec: format.md 5.6.
struct Writer {
  private let model: ModelFile
  private let effort: WriterOptions.Effort
  private let threads: Int

  static func encode(_ model: ModelFile, _ options: WriterOptions) throws(FormatError) -> [UInt8] {
    let writer = Writer(model: model, effort: options.effort, threads: options.threads ?? Workers.availableCount)
    let sections = try writer.rawSections()
    let deflater = Deflater(options.effort, compressor: options.compressor)
    let packed = try Workers.map(sections.count, threads: writer.threads) { PackedSection(sections[$0], deflater) }
    return try writer.assemble(packed)
  }

  /// All sections in the order of the table.
  private func rawSections() throws(FormatError) -> [RawSection] {
    guard model.graph.kind == .integer || model.cost == .none else {
      throw FormatError(.unencodable, got: "costs of a float model", expected: "0")
    }
    let graph = try GraphSection.encode(model.graph)
    let constants = try encodeConstants()
    var positions = SectionCutter()
    var values = SectionCutter()
    for constant in StreamLayout.order(of: model.graph.constants).map({ constants[$0] }) {
      positions.append(constant.positions, elementType: constant.elementType)
      values.append(constant.values, elementType: constant.elementType, planeCount: constant.planeCount)
    }
    return [RawSection(.graph, graph), RawSection(.storage, try StorageSection.encode(constants.map(\.record)))]
      + positions.sections.map { RawSection(.positions, $0) } + values.sections.map { RawSection(.values, $0) }
      + (try model.optionalSections())
  }

  /// Each constant in the encoding that is smallest when compressed; of equals the first.
  private func encodeConstants() throws(FormatError) -> [EncodedConstant] {
    let tensors = model.graph.constants
    // More effort would not change which one is smallest.
    let deflater = Deflater(effort == .stored ? .stored : .standard)
    return try Workers.map(tensors.count, threads: threads) { (index) throws(FormatError) in
      let encodings = try ConstantEncoder(tensors[index]).encodings()
      guard encodings.count > 1 else { return encodings[0] }
      let sizes = encodings.map { $0.packedByteCount(deflater) * $0.handicap }
      return encodings[sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0]
    }
  }

  private func assemble(_ sections: [PackedSection]) throws(FormatError) -> [UInt8] {
    var table: [UInt8] = []
    var end = UInt64(ModelHeader.byteCount + sections.count * SectionEntry.byteCount)
    for section in sections {
      section.entry.appendEncoded(to: &table)
      end = SectionEntry.start(after: end, codec: section.entry.codec) + UInt64(section.stored.count)
    }
    let header = ModelHeader(
      sectionCount: try narrow(sections.count, "number of sections"), fileByteCount: end,
      rawByteCount: sections.reduce(0) { $0 + UInt64($1.entry.rawByteCount) }, constantByteCount: model.constantByteCount,
      cost: model.cost, tableCRC: crc32(of: table))
    var file = header.encoded + table
    file.reserveCapacity(Int(end))
    for section in sections {
      file.appendZeros(Int(SectionEntry.start(after: UInt64(file.count), codec: section.entry.codec)) - file.count)
      file += section.stored
    }
    return file
  }
}

extension EncodedConstant {
  /// What a byte counts in the comparison with other encodings: those that are read faster may be larger by 0.5 %.
  ///
  /// Nibble planes leave half as much to inflate, gaps several times as much as a mask. EfficientNet-Lite0 at 8 bits:
  /// 4,237,489 bytes of whole codes, 4,237,989 of planes; pruned by half, masks cost 272 bytes and save a tenth of the load.
  fileprivate var handicap: Int {
    if record.planes == .nibbles { return 995 }
    return record.positions == .gaps ? 1005 : 1000
  }

  /// About what this constant adds to the file: exact for large constants, which have sections of their own.
  fileprivate func packedByteCount(_ deflater: Deflater) -> Int {
    var cutter = SectionCutter()
    cutter.append(positions, elementType: elementType)
    cutter.append(values, elementType: elementType, planeCount: planeCount)
    return cutter.sections.reduce(0) { $0 + deflater.packedByteCount($1) }
  }
}

/// A section as it stands in the file.
private struct PackedSection: Sendable {
  var entry: SectionEntry
  var stored: [UInt8]

  init(_ section: RawSection, _ deflater: Deflater) {
    let deflated = deflater.deflate(section.bytes)
    stored = deflated ?? section.bytes
    entry = SectionEntry(
      type: section.type, isCritical: section.isCritical, isSafeToCopy: section.isSafeToCopy,
      codec: deflated == nil ? .stored : .zlib, crc: crc32(of: stored), storedByteCount: stored.count,
      rawByteCount: section.bytes.count, fileOffset: 0)
  }
}

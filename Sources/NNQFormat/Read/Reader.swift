/// Reads a file in the order of its sections. Spec: format.md 3...6.
struct Reader {
  private var feed: SectionFeed
  private let inflater = Inflater()
  private var model: ModelFile
  private let storage: [StorageRecord]
  private let limits: Limits

  /// Up to this size starting a thread takes as long as it would save.
  private static let oneThreadByteCount = 32 * 1024

  /// - Parameter makeConsumer: is given all that comes before the constants; what its result takes is missing in the model.
  static func read(
    _ source: any ByteSource, limits: Limits, threads: Int, passing makeConsumer: (ModelFile) -> (any ConstantConsumer)?
  ) throws(FormatError) -> ModelFile {
    var reader = try Reader(source, limits: limits)
    let threads = reader.feed.header.rawByteCount <= oneThreadByteCount ? 1 : threads
    try reader.readConstants(makeConsumer(reader.model), threads: threads)
    try reader.readOptionalSections()
    try reader.feed.finish()
    return reader.model
  }

  /// All but the elements of constants, which are passed over unchecked.
  static func list(_ source: any ByteSource, limits: Limits) throws(FormatError) -> ModelListing {
    var reader = try Reader(source, limits: limits)
    while reader.feed.nextIndex < reader.feed.table.indices(of: .values).upperBound { try reader.feed.skipSection() }
    try reader.readOptionalSections()
    try reader.feed.finish()
    return ModelListing(
      header: reader.feed.header, sections: reader.feed.table.entries, model: reader.model, storage: reader.storage)
  }

  /// Reads header, table, graph and storage.
  private init(_ source: any ByteSource, limits: Limits) throws(FormatError) {
    self.limits = limits
    feed = try SectionFeed(source, limits: limits)
    let graph = try GraphSection.parse(
      try feed.readSection(inflater), origin: feed.table.rawOrigin(of: 0), limits: limits)
    storage = try StorageSection.parse(
      try feed.readSection(inflater), origin: feed.table.rawOrigin(of: 1), tensors: graph.tensors)
    model = ModelFile(graph: graph, cost: feed.header.cost)
    try checkHeader()
    try checkStreamSizes()
  }

  /// The declared costs as far as the format alone defines them.
  private func checkHeader() throws(FormatError) {
    let constantByteCount = model.constantByteCount
    let header = feed.header
    guard header.constantByteCount == constantByteCount else {
      throw FormatError(
        .sizeMismatch, byteOffset: 32, got: "\(header.constantByteCount) bytes of constants",
        expected: "\(constantByteCount), by the graph")
    }
    guard model.graph.kind == .integer || header.cost == .none else {
      throw FormatError(.valueOutOfRange, byteOffset: 40, got: "costs of a float model", expected: "0")
    }
  }

  /// The streams are as long as the parts of all constants.
  private func checkStreamSizes() throws(FormatError) {
    var positions: UInt64 = 0
    var values: UInt64 = 0
    for (constant, record) in zip(model.graph.constants, storage) {
      positions += UInt64(record.positionsByteCount(elementCount: constant.elementCount))
      values += UInt64(record.valuesByteCount(elementType: constant.elementType))
    }
    for (type, expected) in [(SectionType.positions, positions), (.values, values)] {
      let got = feed.table.rawByteCount(of: type)
      guard UInt64(got) == expected else {
        throw FormatError(
          .sizeMismatch, byteOffset: feed.table.entryOffset(feed.table.indices(of: type).lowerBound),
          got: "\(got) bytes of \(type)", expected: "\(expected), by the storage section")
      }
    }
  }

  private mutating func readConstants(_ consumer: (any ConstantConsumer)?, threads: Int) throws(FormatError) {
    let tensors = model.graph.tensors.indices.filter { model.graph.tensors[$0].isConstant }
    let constants = model.graph.constants
    let layout = StreamLayout(feed.table, constants, storage)
    let decoding = StreamDecoding(layout, feed) { [storage] (parts, positions, values, scratch) throws(FormatError) in
      let decoder = try ConstantDecoder(constants[parts.constant], storage[parts.constant], positions: positions, values: values)
      return try decoder.constant(ofTensor: tensors[parts.constant], consumer, scratch)
    }
    let decoded: [Constant]
    (decoded, feed) = try decoding.run(threads: threads)
    for (tensor, constant) in zip(tensors, decoded) { model.graph.tensors[tensor].role = .constant(constant) }
  }

  /// Sections after the streams. Unknown ones are kept if they are safe to copy.
  private mutating func readOptionalSections() throws(FormatError) {
    while feed.nextIndex < feed.table.entries.count {
      let index = feed.nextIndex
      let entry = feed.table.entries[index]
      let origin = feed.table.rawOrigin(of: index)
      let bytes = try feed.readSection(inflater)
      switch entry.knownType {
      case .labels: model.labels = try OptionalSections.parseLabels(bytes, origin: origin, limits: limits)
      case .preprocessing: model.preprocessing = try OptionalSections.parsePreprocessing(bytes, origin: origin)
      case .provenance: model.provenance = try OptionalSections.parseProvenance(bytes, origin: origin, limits: limits)
      case .selfTest: model.selfTest = try OptionalSections.parseSelfTest(bytes, origin: origin)
      default:
        if entry.isSafeToCopy { model.unknownSections.append(ModelFile.UnknownSection(type: entry.type, bytes: bytes)) }
      }
    }
  }
}

extension ConstantDecoder {
  /// Passes the elements to the consumer if it wants them, which leaves none.
  fileprivate consuming func constant(
    ofTensor tensor: Int, _ consumer: (any ConstantConsumer)?, _ scratch: DecoderScratch
  ) throws(FormatError) -> Constant {
    if let consumer, consumer.wants(tensor: tensor) {
      try forEachChunk(scratch) { first, elements in consumer.take(elements, of: tensor, from: first) }
      return Constant(bytes: [], coding: coding)
    }
    let bytes = try [UInt8].filled(byteCount) { (bytes) throws(FormatError) in
      var end = 0
      try forEachChunk(scratch) { _, elements in
        UnsafeMutableRawBufferPointer(rebasing: bytes[end...]).copyMemory(from: elements)
        end += elements.count
      }
    }
    return Constant(bytes: bytes, coding: coding)
  }
}

extension GraphRecord {
  var constants: [TensorRecord] { tensors.filter { $0.isConstant } }
}

extension ModelFile {
  /// Elements of all constants, zeros included.
  var constantByteCount: UInt64 {
    graph.constants.reduce(0) { $0 + UInt64($1.elementCount * $1.elementType.byteCount) }
  }
}

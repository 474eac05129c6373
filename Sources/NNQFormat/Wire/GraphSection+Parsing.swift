/// The graph section. Spec: format.md 5.1.
enum GraphSection {
  static let maximumRank = 8
  static let maximumNameByteCount = 1024
  static let maximumTensorByteCount = Int(Int32.max)
  /// 2^-126, so that 1 / scale is finite.
  static let minimumScale = Float.leastNormalMagnitude

  /// Constants come without elements: those are in the streams.
  static func parse(_ bytes: [UInt8], origin: Origin, limits: Limits) throws(FormatError) -> GraphRecord {
    var parser = ContentParser(bytes, origin: origin)
    let kind: GraphRecord.Kind = try parser.value("model kind")
    try parser.reserved(3)
    let tensorCount = try parseCount(&parser, "tensors", limit: limits.tensorCount, recordByteCount: 6)
    let nodeCount = try parseCount(&parser, "nodes", limit: limits.nodeCount, recordByteCount: 12)
    let inputCount: UInt16 = try parser.integer("number of inputs", in: 1...UInt16.max)
    let outputCount: UInt16 = try parser.integer("number of outputs", in: 1...UInt16.max)
    var graph = GraphRecord(kind: kind, tensors: [], nodes: [], inputs: [], outputs: [])
    graph.tensors = try parseTensors(&parser, count: tensorCount, kind: kind)
    graph.nodes.reserveCapacity(nodeCount)
    for _ in 0..<nodeCount { graph.nodes.append(try NodeRecord(&parser, tensorCount: tensorCount)) }
    for _ in 0..<inputCount { graph.inputs.append(try Port(&parser, tensors: graph.tensors)) }
    for _ in 0..<outputCount { graph.outputs.append(try Port(&parser, tensors: graph.tensors)) }
    try parser.end()
    return graph
  }

  /// A count of records, each of which takes at least `recordByteCount` of the bytes that remain.
  private static func parseCount(
    _ parser: inout ContentParser, _ name: String, limit: UInt32, recordByteCount: Int
  ) throws(FormatError) -> Int {
    let count: UInt32 = try parser.integer()
    guard count <= limit else { throw parser.fieldError(.limitExceeded, got: "\(count) \(name)", expected: "at most \(limit)") }
    guard Int(count) <= parser.remainingCount / recordByteCount else {
      throw parser.fieldError(.contentSize, got: "\(count) \(name)", expected: "what fits into \(parser.remainingCount) bytes")
    }
    return Int(count)
  }

  private static func parseTensors(
    _ parser: inout ContentParser, count: Int, kind: GraphRecord.Kind
  ) throws(FormatError) -> [TensorRecord] {
    var tensors: [TensorRecord] = []
    tensors.reserveCapacity(count)
    // Names are compared byte by byte; `String` would take canonically equivalent ones for equal.
    var names: Set<[UInt8]> = []
    for _ in 0..<count {
      let (tensor, nameOffset) = try TensorRecord.parse(&parser, kind: kind)
      guard tensor.name.isEmpty || names.insert(Array(tensor.name.utf8)).inserted else {
        throw parser.error(.duplicateName, at: nameOffset, got: "a second tensor \"\(tensor.name)\"", expected: "unique names")
      }
      tensors.append(tensor)
    }
    return tensors
  }
}

extension NodeRecord {
  fileprivate init(_ parser: inout ContentParser, tensorCount: Int) throws(FormatError) {
    let opcode: UInt16 = try parser.integer()
    let version: UInt8 = try parser.integer()
    guard version == 1 else {
      throw parser.fieldError(.unsupportedVersion, got: "version \(version) of opcode \(opcode)", expected: "1")
    }
    let inputCount: UInt8 = try parser.integer()
    let outputCount: UInt8 = try parser.integer("number of outputs", in: 1...UInt8.max)
    let attributeCount: UInt8 = try parser.integer()
    try parser.reserved(2)
    self.init(opcode: opcode, version: version, inputs: [], outputs: [])
    for _ in 0..<inputCount { inputs.append(try parser.tensorIndex(below: tensorCount)) }
    for _ in 0..<outputCount { outputs.append(try parser.tensorIndex(below: tensorCount)) }
    for _ in 0..<attributeCount { attributes.append(try parser.integer()) }
  }
}

extension Port {
  fileprivate init(_ parser: inout ContentParser, tensors: [TensorRecord]) throws(FormatError) {
    let index = try parser.tensorIndex(below: tensors.count)
    guard case .activation = tensors[index].role else {
      throw parser.fieldError(.indexOutOfRange, got: "a port of constant \(index)", expected: "an activation")
    }
    self.init(tensor: index, layout: try parser.value("layout"))
    try parser.reserved(3)
  }
}

extension ContentParser {
  fileprivate mutating func tensorIndex(below count: Int) throws(FormatError) -> Int {
    let index: UInt32 = try integer()
    guard index < count else { throw fieldError(.indexOutOfRange, got: "tensor \(index)", expected: "below \(count)") }
    return Int(index)
  }
}

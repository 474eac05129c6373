import NNQFormat

/// The float model of a file. Spec: format.md 5.1 and annex B.
extension FloatGraph {
  /// The graph as a file holds it. Names of nodes are not stored: a node read again has the name of its output.
  ///
  /// - Throws: what makes the graph illegal, or a name two values share.
  public func modelFile(
    labels: [String]? = nil, preprocessing: Preprocessing? = nil, provenance: [String: String]? = nil
  ) throws(FloatGraphError) -> ModelFile {
    try validate()
    try checkNames()
    let records = nodes.map { node in
      NodeRecord(
        opcode: node.operation.opcode.rawValue, inputs: node.inputs, outputs: node.outputs, attributes: node.operation.attributes)
    }
    let graph = GraphRecord(
      kind: .float, tensors: values.map(\.record), nodes: records, inputs: inputs.map { Port(tensor: $0, layout: .asStored) },
      outputs: outputs.map { Port(tensor: $0, layout: .asStored) })
    return ModelFile(graph: graph, cost: .none, labels: labels, preprocessing: preprocessing, provenance: provenance)
  }

  /// The graph of a float model, fully checked.
  ///
  /// - Throws: the first violation of annex B.
  public init(_ file: ModelFile) throws(FloatGraphError) {
    guard file.graph.kind == .float else {
      throw FloatGraphError(node: "graph", .record("kind", got: "\(file.graph.kind)", allowed: "float"))
    }
    self.init()
    for tensor in file.graph.tensors { values.append(try FloatValue(tensor)) }
    inputs = try Self.tensors(of: file.graph.inputs, "graph inputs")
    outputs = try Self.tensors(of: file.graph.outputs, "graph outputs")
    for record in file.graph.nodes {
      let firstOutput = record.outputs.first.flatMap { values.indices.contains($0) ? $0 : nil }
      nodes.append(try FloatNode(record, name: firstOutput.map { values[$0].name } ?? "node \(nodes.count)"))
    }
    try validate()
    try checkNames()
  }

  /// Names in a file are unique, byte by byte, or empty; its ports are activations.
  private func checkNames() throws(FloatGraphError) {
    var names: Set<[UInt8]> = []
    for value in values where !value.name.isEmpty && !names.insert(Array(value.name.utf8)).inserted {
      throw FloatGraphError(node: value.name, .record("name", got: "used twice", allowed: "once"))
    }
    for output in outputs where values[output].constant != nil {
      throw FloatGraphError(node: values[output].name, .record("graph output", got: "constant", allowed: "activation"))
    }
  }

  private static func tensors(of ports: [Port], _ name: String) throws(FloatGraphError) -> [Int] {
    for port in ports where port.layout != .asStored {
      throw FloatGraphError(node: name, .record("layout", got: "\(port.layout)", allowed: "asStored"))
    }
    return ports.map(\.tensor)
  }
}

extension FloatNode {
  fileprivate init(_ record: NodeRecord, name: String) throws(FloatGraphError) {
    guard let opcode = FloatOpcode(rawValue: record.opcode) else {
      throw FloatGraphError(node: name, .record("opcode", got: "\(record.opcode)", allowed: "annex B's"))
    }
    guard record.version == 1 else {
      throw FloatGraphError(node: name, .record("version", got: "\(record.version)", allowed: "1"))
    }
    do {
      self.init(
        name: name, try FloatOperation(opcode, attributes: record.attributes), inputs: record.inputs, outputs: record.outputs)
    } catch {
      throw FloatGraphError(node: name, error)
    }
  }
}

extension FloatValue {
  fileprivate var record: TensorRecord {
    TensorRecord(
      name: name, elementType: .f32, shape: shape,
      role: constant.map { .constant(Constant(bytes: Self.littleEndianBytes($0))) } ?? .activation(nil))
  }

  fileprivate init(_ record: TensorRecord) throws(FloatGraphError) {
    guard record.elementType == .f32 else {
      throw FloatGraphError(node: record.name, .record("element type", got: "\(record.elementType)", allowed: "f32"))
    }
    switch record.role {
    case .activation(nil):
      self.init(name: record.name, shape: record.shape)
    case .activation:
      throw FloatGraphError(node: record.name, .record("quantization", got: "present", allowed: "none"))
    case .constant(let constant):
      guard constant.bytes.count % 4 == 0 else {
        throw FloatGraphError(node: record.name, .record("byte count", got: "\(constant.bytes.count)", allowed: "a multiple of 4"))
      }
      self.init(name: record.name, shape: record.shape, constant: Self.elements(littleEndianBytes: constant.bytes))
    }
  }

  private static func littleEndianBytes(_ elements: [Float]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 4 * elements.count) { bytes, count in
      for (index, element) in elements.enumerated() {
        // Safe: 4 bytes for each element.
        UnsafeMutableRawBufferPointer(bytes).storeBytes(of: element.bitPattern.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
      }
      count = 4 * elements.count
    }
  }

  private static func elements(littleEndianBytes bytes: [UInt8]) -> [Float] {
    bytes.withUnsafeBytes { bytes in
      // Safe: the caller has checked that the count is a multiple of 4.
      (0..<bytes.count / 4).map { Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self))) }
    }
  }
}

import NNQFormat

extension Graph {
  /// Decodes and validates an integer model; the declared costs must be the true ones.
  ///
  /// - Throws: `GraphError` for the first rule of operators.md 5 that is broken.
  /// - Complexity: linear in the file's decoded size.
  public init(_ file: ModelFile) throws(GraphError) {
    try self.init(file, packed: [:])
  }

  /// - Parameter summaries: by tensor; of constants whose elements `file` lacks.
  package init(_ file: ModelFile, packed summaries: [Int: WeightSummary]) throws(GraphError) {
    try self.init(decoding: file.graph)
    for (tensor, summary) in summaries { tensors[tensor].packedSummary = summary }
    try validate()
    guard file.cost == cost else {
      throw GraphError(.costMismatch, at: "header", got: "\(file.cost)", expected: "\(cost)")
    }
  }

  /// Typed operators; their rules are not checked: operands may be missing, of any shape, without elements.
  package init(decoding record: GraphRecord) throws(GraphError) {
    guard record.kind == .integer else {
      throw GraphError(.wrongKind, at: "graph", got: "a float model", expected: "an integer model; convert it with nnconv --bits 8")
    }
    var nodes: [Node] = []
    nodes.reserveCapacity(record.nodes.count)
    for (index, node) in record.nodes.enumerated() {
      nodes.append(try Node(node, in: record, index: index))
    }
    self.init(tensors: record.tensors.map(Tensor.init), nodes: nodes, inputs: record.inputs, outputs: record.outputs)
  }

  /// The graph as the container stores it, with its costs.
  public var modelFile: ModelFile {
    ModelFile(
      graph: GraphRecord(
        kind: .integer, tensors: tensors.map(\.record), nodes: nodes.map(\.record), inputs: inputs, outputs: outputs),
      cost: cost)
  }
}

extension Node {
  fileprivate init(_ node: NodeRecord, in record: GraphRecord, index: Int) throws(GraphError) {
    guard (node.inputs + node.outputs).allSatisfy(record.tensors.indices.contains) else {
      throw GraphError(
        .undefinedTensor, at: "node \(index)", got: "\(node.inputs), \(node.outputs)", expected: "0..<\(record.tensors.count)")
    }
    let name = node.outputs.first.map { record.tensors[$0].name } ?? ""
    let rank = node.inputs.first.map { record.tensors[$0].shape.count } ?? 0
    self.init(try Operation(node, rank: rank, at: name.isEmpty ? "node \(index)" : name), inputs: node.inputs, outputs: node.outputs)
  }

  var record: NodeRecord {
    NodeRecord(opcode: operation.opcode.rawValue, inputs: inputs, outputs: outputs, attributes: operation.attributes)
  }
}

extension Tensor {
  fileprivate init(_ record: TensorRecord) {
    self.init(name: record.name, elementType: record.elementType, shape: record.shape)
    switch record.role {
    case .activation(let quantization): self.quantization = quantization
    case .constant(let constant): self.constant = constant
    }
  }

  fileprivate var record: TensorRecord {
    TensorRecord(
      name: name, elementType: elementType, shape: shape, role: constant.map { .constant($0) } ?? .activation(quantization))
  }
}

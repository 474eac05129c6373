/// What a model's file says of its ports and nodes, supported or not.
package struct ModelOutline {
  /// Types of the nodes, each once, in alphabetical order.
  package var operators: [String]
  package struct Port {
    package var name: String
    /// Whether its elements are 16-bit floats with the exponent of float32.
    package var isBFloat16: Bool
    /// 1 for an axis that the file leaves open.
    package var shape: [Int]
  }

  /// The inputs that have no initializer.
  package var inputs: [Port]
  package var outputs: [Port]

  package init(bytes: [UInt8]) throws(ImportError) {
    let model = try ModelProto(bytes: bytes)
    guard let graph = model.graph else { throw .malformed(.missingGraph, byteOffset: bytes.count) }
    let initializers = Set(graph.initializers.map(\.name))
    operators = Set(graph.nodes.map(\.opType)).sorted()
    inputs = graph.inputs.filter { !initializers.contains($0.name) }.map(Port.init)
    outputs = graph.outputs.map(Port.init)
  }
}

extension ModelOutline.Port {
  fileprivate init(_ info: ValueInfoProto) {
    name = info.name
    isBFloat16 = info.elementType == TensorProto.DataType.bfloat16.rawValue
    shape = (info.shape ?? []).map { if case .fixed(let extent) = $0, extent > 0 { Int(clamping: extent) } else { 1 } }
  }
}

extension GraphSection {
  /// The one encoding of a graph.
  ///
  /// What the parser would refuse is refused here too, with the parser's error; what has no encoding is `unencodable`.
  static func encode(_ graph: GraphRecord) throws(FormatError) -> [UInt8] {
    var bytes: [UInt8] = [graph.kind.rawValue, 0, 0, 0]
    bytes.appendInteger(try narrow(graph.tensors.count, "number of tensors") as UInt32)
    bytes.appendInteger(try narrow(graph.nodes.count, "number of nodes") as UInt32)
    bytes.appendInteger(try narrow(graph.inputs.count, "number of inputs") as UInt16)
    bytes.appendInteger(try narrow(graph.outputs.count, "number of outputs") as UInt16)
    for tensor in graph.tensors { try append(tensor, kind: graph.kind, to: &bytes) }
    for node in graph.nodes { try append(node, to: &bytes) }
    for port in graph.inputs + graph.outputs { try append(port, to: &bytes) }
    _ = try parse(
      bytes, origin: Origin(section: FormatError.Section(index: 0, type: SectionType.graph.rawValue), fileOffset: 0), limits: .default)
    return bytes
  }

  private static func append(_ tensor: TensorRecord, kind: GraphRecord.Kind, to bytes: inout [UInt8]) throws(FormatError) {
    let isConstant = if case .constant = tensor.role { true } else { false }
    bytes += [tensor.elementType.rawValue, isConstant ? 1 : 0]
    bytes.append(try narrow(tensor.shape.count, "rank"))
    bytes.append(0)
    bytes.appendInteger(try narrow(tensor.name.utf8.count, "length of a name") as UInt16)
    bytes += tensor.name.utf8
    for extent in tensor.shape { bytes.appendInteger(try narrow(extent, "extent") as UInt32) }
    guard case .activation(let quantization) = tensor.role else { return }
    guard (quantization != nil) == (kind == .integer) else {
      throw FormatError(.unencodable, got: "activation \"\(tensor.name)\"", expected: "a scale in integer models, none in float models")
    }
    guard let quantization else { return }
    bytes.appendFloat(quantization.scale)
    bytes.appendInteger(quantization.zeroPoint)
  }

  private static func append(_ node: NodeRecord, to bytes: inout [UInt8]) throws(FormatError) {
    bytes.appendInteger(node.opcode)
    bytes.append(node.version)
    bytes.append(try narrow(node.inputs.count, "number of operands"))
    bytes.append(try narrow(node.outputs.count, "number of results"))
    bytes.append(try narrow(node.attributes.count, "number of attributes"))
    bytes.appendZeros(2)
    for index in node.inputs + node.outputs { bytes.appendInteger(try narrow(index, "tensor index") as UInt32) }
    for attribute in node.attributes { bytes.appendInteger(attribute) }
  }

  private static func append(_ port: Port, to bytes: inout [UInt8]) throws(FormatError) {
    bytes.appendInteger(try narrow(port.tensor, "tensor index") as UInt32)
    bytes += [port.layout.rawValue, 0, 0, 0]
  }
}

/// An integer of the model in the width of its field.
func narrow<T: FixedWidthInteger>(_ value: Int, _ name: String) throws(FormatError) -> T {
  guard let narrowed = T(exactly: value) else {
    throw FormatError(.unencodable, got: "\(name) \(value)", expected: "\(T.min)...\(T.max)")
  }
  return narrowed
}

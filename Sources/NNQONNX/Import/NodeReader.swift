/// What a value name stands for while a graph is imported.
enum Operand {
  /// Known now.
  case constant(HostTensor)
  /// Computed when the graph runs: an index into its values, and the static shape.
  case value(Int, shape: [Int])

  var shape: [Int] {
    switch self {
    case .constant(let tensor): tensor.shape
    case .value(_, let shape): shape
    }
  }
}

extension Operand {
  var isConstant: Bool { if case .constant = self { true } else { false } }
}

/// One node with its operands at hand: the typed, checked view operators read it by.
struct NodeReader {
  let node: NodeProto
  /// Of the default domain.
  let opset: Int
  /// Nil where an optional operand is left out.
  var operands: [Operand?]

  /// The name of the value the node defines.
  var outputName: String { node.outputs.first ?? "" }

  var place: Place { Place(node) }

  func place(_ attribute: String?) -> Place { Place(node, attribute: attribute) }

  // MARK: Attributes

  private func value(_ name: String) -> AttributeProto.Value? { node.attributes.first { $0.name == name }?.value }

  func integer(_ name: String) throws(Refusal) -> Int? {
    switch value(name) {
    case nil: return nil
    case .integer(let value): return Int(clamping: value)
    default: throw wrongKind(name, "an integer")
    }
  }

  func flag(_ name: String, default initial: Bool = false) throws(Refusal) -> Bool { (try integer(name)).map { $0 != 0 } ?? initial }

  func integers(_ name: String) throws(Refusal) -> [Int]? {
    switch value(name) {
    case nil: return nil
    case .integers(let values): return values.map { Int(clamping: $0) }
    default: throw wrongKind(name, "a list of integers")
    }
  }

  func float(_ name: String) throws(Refusal) -> Float? {
    switch value(name) {
    case nil: return nil
    case .float(let value): return value
    default: throw wrongKind(name, "a float")
    }
  }

  func floats(_ name: String) throws(Refusal) -> [Float]? {
    switch value(name) {
    case nil: return nil
    case .floats(let values): return values
    default: throw wrongKind(name, "a list of floats")
    }
  }

  func text(_ name: String) throws(Refusal) -> String? {
    switch value(name) {
    case nil: return nil
    case .text(let value): return value
    default: throw wrongKind(name, "text")
    }
  }

  func tensor(_ name: String) throws(Refusal) -> HostTensor? {
    switch value(name) {
    case nil: return nil
    case .tensor(let proto): return try HostTensor(proto, at: place(name))
    default: throw wrongKind(name, "a tensor")
    }
  }

  /// A sub-graph.
  func graph(_ name: String) throws(Refusal) -> GraphProto {
    switch value(name) {
    case nil: throw Refusal(.invalidAttribute, at: place(name), "it is missing")
    case .graph(let message):
      do { return try GraphProto(message) } catch { throw Refusal(.invalidAttribute, at: place(name), "\(error)") }
    default: throw wrongKind(name, "a graph")
    }
  }

  private func wrongKind(_ name: String, _ expected: String) -> Refusal {
    Refusal(.invalidAttribute, at: place(name), "it is not \(expected)")
  }
}

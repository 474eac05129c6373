import NNQFloat

/// A model as its file states it: the batch axis is an axis like any other.
package struct StatedModel {
  package enum Output {
    /// Computed while the model was imported.
    case constant(HostTensor)
    /// The value at this place of the graph's outputs.
    case value(Int)
  }

  package var graph: FloatGraph
  /// In the order of the model's outputs.
  package var outputs: [Output]
}

/// What a model's file says of its ports and nodes, supported or not.
package struct ModelOutline {
  /// Types of the nodes, each once, in alphabetical order.
  package var operators: [String]
  package struct Input {
    package var name: String
    /// Whether its elements are 16-bit floats with the exponent of float32.
    package var isBFloat16: Bool
  }

  /// The inputs that have no initializer.
  package var inputs: [Input]
  package var outputs: [String]

  package init(bytes: [UInt8]) throws(ImportError) {
    let model = try ModelProto(bytes: bytes)
    guard let graph = model.graph else { throw .malformed(.missingGraph, byteOffset: bytes.count) }
    let initializers = Set(graph.initializers.map(\.name))
    operators = Set(graph.nodes.map(\.opType)).sorted()
    inputs = graph.inputs.filter { !initializers.contains($0.name) }.map {
      Input(name: $0.name, isBFloat16: $0.elementType == TensorProto.DataType.bfloat16.rawValue)
    }
    outputs = graph.outputs.map(\.name)
  }
}

extension HostTensor {
  /// A file that holds one tensor, as ONNX's test data do.
  package init(tensorFile bytes: [UInt8]) throws(ImportError) {
    let proto = try TensorProto(WireReader(bytes))
    do { try self.init(proto, at: Place("tensor", proto.name)) } catch { throw .refused([error]) }
  }
}

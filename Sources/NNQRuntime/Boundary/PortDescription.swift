import NNQFormat
import NNQGraph

/// An input or output of a model, as a caller sees it.
public struct PortDescription: Equatable, Sendable {
  public let name: String
  /// For one batch item, in the layout of the net the model was made from.
  public let shape: [Int]
  /// `u8` or `s16`; `s32` for an input that chooses rows of a table.
  public let elementType: ElementType
  /// real = scale * (q - zeroPoint).
  public let scale: Float
  public let zeroPoint: Int32
  /// Of an s32 input: it takes the integers 0..<indexCount. Nil for real values.
  public let indexCount: Int?
  /// Index in the graph.
  let tensor: Int
  package let layout: Port.Layout

  /// - Parameters:
  ///   - indexCounts: for each port that of an s32 input.
  ///   - fallbackName: followed by its index, for a port without a name.
  /// - Throws: `duplicatePortName`. A file tells names apart by their bytes, `String` and so a caller by their characters.
  static func list(_ ports: [Port], of graph: Graph, indexCounts: [Int?]? = nil, fallbackName: String) throws(RuntimeError)
    -> [PortDescription]
  {
    let descriptions = ports.enumerated().map {
      PortDescription($1, of: graph, indexCount: indexCounts?[$0], fallbackName: "\(fallbackName)\($0)")
    }
    var byName: [String: PortDescription] = [:]
    for description in descriptions {
      // One tensor may be two outputs, and is the same under its one name.
      if let other = byName.updateValue(description, forKey: description.name), other != description {
        throw .duplicatePortName(description.name)
      }
    }
    return descriptions
  }

  private init(_ port: Port, of graph: Graph, indexCount: Int?, fallbackName: String) {
    self.indexCount = indexCount
    let tensor = graph.tensors[port.tensor]
    name = tensor.name.isEmpty ? fallbackName : tensor.name
    shape = port.layout.externalShape(tensor.shape)
    elementType = tensor.elementType
    scale = tensor.quantization?.scale ?? 1
    zeroPoint = tensor.quantization?.zeroPoint ?? 0
    self.tensor = port.tensor
    layout = port.layout
  }
}

extension Port.Layout {
  /// N,...,C as stored to N,C,... when the port is channelsFirst. Spec: operators.md 4.
  func externalShape(_ stored: [Int]) -> [Int] {
    guard self == .channelsFirst, stored.count > 2 else { return stored }
    return [stored[0], stored[stored.count - 1]] + stored[1..<stored.count - 1]
  }
}

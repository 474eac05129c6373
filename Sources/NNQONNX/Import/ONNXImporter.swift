import NNQFloat

/// NNQONNX turns the bytes of an ONNX file into a `FloatGraph` with static shapes.
///
/// Wire/ reads protobuf, Proto/ the messages of onnx.proto, Host/ holds constants, Import/ walks the graph, Operators/ says
/// what each operator becomes. Sub-graphs that compute shapes are folded on the way. What is not supported is refused by
/// name and never skipped. Imported by NNQConvert alone.
public enum ONNXImporter {
  /// Versions of the default operator domain that are understood.
  public static let opsets = 1...22

  /// Several times what the largest nets have. The time of a conversion grows with the square of the number.
  package static let maximumNodeCount = 16_384

  /// - Parameter bytes: of the whole file.
  public static func importModel(bytes: [UInt8], options: ImportOptions = ImportOptions()) throws(ImportError) -> ImportedModel {
    let model = try ModelProto(bytes: bytes)
    guard let graph = model.graph else { throw .malformed(.missingGraph, byteOffset: bytes.count) }
    let opset = try checkedOpset(of: model)
    var graphImport = GraphImport(graph, opset: opset, fileByteCount: bytes.count, options: options)
    return ImportedModel(
      graph: try graphImport.run(), producerName: model.producerName, producerVersion: model.producerVersion, opset: opset,
      folded: graphImport.folded)
  }

  /// What is left of a model that is refused: the nodes that are supported and depend on none that is not, with the outputs
  /// that none of them reads. Nil where nothing is left.
  public static func importPart(bytes: [UInt8], options: ImportOptions = ImportOptions()) -> FloatGraph? {
    guard let model = try? ModelProto(bytes: bytes), let graph = model.graph, let opset = try? checkedOpset(of: model) else { return nil }
    var graphImport = GraphImport(graph, opset: opset, fileByteCount: bytes.count, options: options)
    guard (try? graphImport.run()) == nil else { return nil }
    return graphImport.importedPart()
  }

  /// The same with the shapes that the file states, the batch axis too, and with outputs that may be constants: how single
  /// operators are checked.
  package static func importStated(bytes: [UInt8], options: ImportOptions) throws(ImportError) -> StatedModel {
    let model = try ModelProto(bytes: bytes)
    guard let graph = model.graph else { throw .malformed(.missingGraph, byteOffset: bytes.count) }
    var graphImport = GraphImport(graph, opset: try checkedOpset(of: model), fileByteCount: bytes.count, options: options)
    return try graphImport.runStated()
  }

  private static func checkedOpset(of model: ModelProto) throws(ImportError) -> Int {
    let place = Place("model")
    var refusals = model.functionNames.map {
      Refusal(.unsupportedFunction, at: place, "it defines the function '\($0)'", remedy: "export the model with functions inlined")
    }
    let versions = model.opsetImports.filter { ["", "ai.onnx"].contains($0.domain) }.map(\.version)
    let opset = Int(clamping: versions.first ?? 0)
    if versions.count != 1 || !opsets.contains(opset) {
      let found = versions.isEmpty ? "no operator set" : "operator set " + versions.map { "\($0)" }.joined(separator: " and ")
      refusals.append(
        Refusal(
          .unsupportedOpset, at: place, "\(found), supported are \(opsets.lowerBound) to \(opsets.upperBound)",
          remedy: "convert the model to one of them"))
    }
    guard refusals.isEmpty else { throw .refused(refusals) }
    return opset
  }
}

/// What the caller decides about an import.
public struct ImportOptions: Equatable, Sendable {
  /// Shapes of inputs whose axes the model leaves open, by name; all axes, the first, the batch, being 1.
  public var inputShapes: [String: [Int]]
  /// What `maximumFoldedElementCount` is for a file without bytes: 16 MiB of floats.
  static let leastFoldedElementCount = 1 << 22

  /// The most elements of constants that may be computed, over the whole model. Nil: 2^22 and as many as the file has bytes,
  /// which lets every stored weight be moved four times and a small file ask for little.
  public var maximumFoldedElementCount: Int?
  /// Inputs that are to be constants of the net, by name.
  package var inputValues: [String: HostTensor] = [:]

  public init(inputShapes: [String: [Int]] = [:], maximumFoldedElementCount: Int? = nil) {
    self.inputShapes = inputShapes
    self.maximumFoldedElementCount = maximumFoldedElementCount
  }
}

/// A model as the rest of the converter sees it.
public struct ImportedModel: Equatable, Sendable {
  /// Inputs and outputs have their ONNX names and axis order.
  public var graph: FloatGraph
  /// The exporter, as it calls itself; may be empty.
  public var producerName: String
  public var producerVersion: String
  public var opset: Int
  /// Nodes that are no part of the graph, because what they compute is known.
  public var folded: [Place]

  /// The shape of each input, for batch 1, by name.
  public var inputShapes: [String: [Int]] {
    Dictionary(graph.inputs.map { (graph.values[$0].name, graph.values[$0].shape) }) { first, _ in first }
  }
}

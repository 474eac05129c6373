// NNQRuntime runs integer models: Model (checked, constants packed for the kernels) -> Plan (kernel steps, places in one arena,
// shares of the threads) -> Session (memory, threads, runs). Model/ packs, Plan/ lowers and plans, Threads/ walks a plan,
// Boundary/ is real numbers and callers' layouts, Session/ is what a caller holds. It imports NNQGraph, NNQFormat and the C
// kernels, and nothing with a heavier start; NNQConvert and nnrun import it.

import NNQFormat
import NNQGraph

/// A checked integer model, ready to run: its constants are packed for the kernels once. Immutable; sessions on any number of
/// threads share it.
///
///     let model = try Model(contentsOf: "net.nnq")
///     let session = try Session(model)
///     let outputs = try session.run(["input": FloatTensor(shape: [1, 3, 224, 224], values: values)])
public final class Model: Sendable {
  public let inputs: [PortDescription]
  public let outputs: [PortDescription]
  /// Names of the indices of the first output's last axis.
  public let labels: [String]?
  /// How an 8-bit image becomes the first input.
  public let preprocessing: Preprocessing?
  public let provenance: [String: String]?
  public let selfTest: SelfTest?
  /// At batch 1.
  public let cost: DeclaredCost

  /// Bytes of constants in the layouts of the kernels.
  public var packedByteCount: Int { constants.byteCount }

  /// Without the elements of constants: those live in `constants`.
  package let graph: Graph
  let constants: PackedConstants
  let pixelTable: PixelTable?
  /// For each session.
  let runByteCountLimit: Int

  /// Reads, checks and packs a file.
  ///
  /// - Parameters:
  ///   - limits: what the file may declare, and a session take, at most; checked before memory is taken.
  ///   - threads: that inflate and pack at the same time.
  public convenience init(contentsOf path: String, limits: Limits = .default, threads: Int = 1) throws(RuntimeError) {
    let file: PackedFile
    do {
      file = try withFile(path) { (source) throws(FormatError) in try PackedFile(source, limits: limits, threads: threads) }
    } catch { throw .format(error) }
    try self.init(file, limits: limits, threads: threads)
  }

  /// The same for a file in memory.
  public convenience init(bytes: [UInt8], limits: Limits = .default, threads: Int = 1) throws(RuntimeError) {
    let file: PackedFile
    do {
      file = try withMemory(bytes) { (source) throws(FormatError) in try PackedFile(source, limits: limits, threads: threads) }
    } catch { throw .format(error) }
    try self.init(file, limits: limits, threads: threads)
  }

  private convenience init(_ packed: PackedFile, limits: Limits, threads: Int) throws(RuntimeError) {
    let weights = try packed.weights?.get()
    let graph: Graph
    do { graph = try Graph(packed.file, packed: weights?.summaries ?? [:]) } catch { throw .graph(error) }
    try self.init(validated: graph, file: packed.file, weights: weights, limits: limits, threads: threads)
  }

  /// Checks and packs a decoded file.
  package convenience init(_ file: ModelFile, limits: Limits = .default, threads: Int = 1) throws(RuntimeError) {
    let graph: Graph
    do { graph = try Graph(file) } catch { throw .graph(error) }
    try self.init(validated: graph, file: file, weights: nil, limits: limits, threads: threads)
  }

  /// Checks and packs a graph that was never a file.
  package convenience init(
    graph: Graph, labels: [String]? = nil, preprocessing: Preprocessing? = nil, limits: Limits = .default, threads: Int = 1
  ) throws(RuntimeError) {
    do { try graph.validate() } catch { throw .graph(error) }
    var file = graph.modelFile
    file.labels = labels
    file.preprocessing = preprocessing
    try self.init(validated: graph, file: file, weights: nil, limits: limits, threads: threads)
  }

  /// - Parameter weights: have taken those of the graph; nil when it still holds them.
  private init(validated graph: Graph, file: ModelFile, weights: PackedWeights?, limits: Limits, threads: Int) throws(RuntimeError) {
    (labels, preprocessing, provenance, selfTest, cost) = (file.labels, file.preprocessing, file.provenance, file.selfTest, file.cost)
    let packedLimit = Int(clamping: limits.constantByteCount)
    let weights = if let weights { weights } else { try PackedWeights(graph, byteCountLimit: packedLimit, threads: threads) }
    weights.skipZeros(threads: threads)
    constants = try PackedConstants(graph, weights, byteCountLimit: packedLimit, threads: threads)
    runByteCountLimit = Int(clamping: limits.runByteCount)
    inputs = try PortDescription.list(graph.inputs, of: graph, indexCounts: graph.indexCounts, fallbackName: "input")
    outputs = try PortDescription.list(graph.outputs, of: graph, fallbackName: "output")
    pixelTable = try preprocessing.map { (preprocessing) throws(RuntimeError) in try PixelTable(preprocessing, of: graph) }
    var withoutConstants = graph
    for index in graph.tensors.indices { withoutConstants.tensors[index].dropElements() }
    self.graph = withoutConstants
  }
}

/// A file as it is read to be run: its weights go to their places without being in memory as they are stored.
private struct PackedFile {
  /// Without the elements of weights.
  let file: ModelFile
  /// Nil when the file holds no integer graph; a failure when there is no room.
  let weights: Result<PackedWeights, RuntimeError>?

  init(_ source: some ByteSource, limits: Limits, threads: Int) throws(FormatError) {
    var weights: Result<PackedWeights, RuntimeError>?
    file = try ModelFile.read(from: source, limits: limits, threads: threads) { file in
      guard let graph = try? Graph(decoding: file.graph) else { return nil }
      let result = Result { () throws(RuntimeError) in try PackedWeights(graph, byteCountLimit: Int(clamping: limits.constantByteCount)) }
      weights = result
      return try? result.get()
    }
    self.weights = weights
  }
}

extension PackedWeights {
  /// Takes the weights that a validated graph holds.
  fileprivate convenience init(_ graph: Graph, byteCountLimit: Int, threads: Int) throws(RuntimeError) {
    try self.init(graph, byteCountLimit: byteCountLimit)
    takeAll(of: graph, threads: threads)
  }
}

extension Tensor {
  fileprivate mutating func dropElements() {
    constant = nil
    packedSummary = nil
  }
}

extension PixelTable {
  /// Throws when the preprocessing has another number of channels than the first input.
  fileprivate init(_ preprocessing: Preprocessing, of graph: Graph) throws(RuntimeError) {
    guard let port = graph.inputs.first else { throw .noPreprocessing }
    let input = graph.tensors[port.tensor]
    guard input.elementType != .s32, preprocessing.mean.count == input.shape.last, preprocessing.std.count == input.shape.last else {
      throw .graph(
        GraphError(
          .shapeMismatch, at: "preprocessing", got: "\(preprocessing.mean.count) channels",
          expected: "the channels of input '\(input.name)', \(input.shape)"))
    }
    self.init(preprocessing, of: input)
  }
}

import CommandLineSupport
import NNQFloat
import NNQFormat
import NNQInput
import NNQONNX

/// The float net that a command line names, from an ONNX file or a float `.nnq`.
struct SourceNet {
  var graph: FloatGraph
  var byteCount: Int
  /// SHA-256 of the file.
  var digest: String
  /// What a float `.nnq` brings along.
  var preprocessing: Preprocessing?
  var labels: [String]?
  var unknownSections: [ModelFile.UnknownSection] = []
  /// Nodes of an ONNX file whose results were computed while it was read.
  var folded: [Place] = []

  init(path: String, options: ImportOptions) throws {
    let bytes = try readFile(path)
    if ModelFile.hasSignature(bytes) {
      let file: ModelFile
      (file, graph) = try Self.floatModel(bytes, path: path)
      (preprocessing, labels, unknownSections) = (file.preprocessing, file.labels, file.unknownSections)
    } else {
      let model = try Self.importedModel(bytes, options, path: path)
      (graph, folded) = (model.graph, model.folded)
    }
    byteCount = bytes.count
    // After all that may be refused, most of which takes less time.
    digest = SHA256.digest(bytes).hexString
  }

  private static func importedModel(_ bytes: [UInt8], _ options: ImportOptions, path: String) throws -> ImportedModel {
    do { return try ONNXImporter.importModel(bytes: bytes, options: options) } catch {
      let list = RefusalList(error, part: ONNXImporter.importPart(bytes: bytes, options: options))
      throw CommandError(.badData, list.message(file: path))
    }
  }

  private static func floatModel(_ bytes: [UInt8], path: String) throws -> (ModelFile, FloatGraph) {
    let file: ModelFile
    do { file = try ModelFile.read(bytes: bytes) } catch { throw CommandError(.badData, error.message(file: path)) }
    guard file.graph.kind == .float else {
      throw CommandError(.badData, "\(path): it is an integer model already; convert the float net it was made from")
    }
    let graph: FloatGraph
    do { graph = try FloatGraph(file) } catch { throw CommandError(.badData, "\(path): \(error)") }
    guard graph.nodes.count <= ONNXImporter.maximumNodeCount else {
      throw CommandError(.badData, "\(path): it has \(graph.nodes.count) nodes, supported are \(ONNXImporter.maximumNodeCount)")
    }
    return (file, graph)
  }

  /// The inputs as samples are made for them.
  func netInputs(layout: Port.Layout?) -> [NetInput] {
    graph.inputs.map { value in
      let shape = Array(graph.values[value].shape.dropFirst())
      return NetInput(name: graph.values[value].name, shape: shape, layout: layout ?? .guess(shape: shape))
    }
  }
}

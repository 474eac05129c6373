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

  init(path: String, inputShapes: [String: [Int]]) throws {
    let bytes = try readFile(path)
    byteCount = bytes.count
    digest = hexadecimal(SHA256.digest(bytes))
    guard ModelFile.hasSignature(bytes) else {
      do {
        graph = try ONNXImporter.importModel(bytes: bytes, options: ImportOptions(inputShapes: inputShapes)).graph
      } catch {
        throw CommandError(.badData, "\(path): \(error)")
      }
      return
    }
    let file: ModelFile
    do { file = try ModelFile.read(bytes: bytes) } catch { throw CommandError(.badData, error.message(file: path)) }
    guard file.graph.kind == .float else {
      throw CommandError(.badData, "\(path): it is an integer model already; convert the float net it was made from")
    }
    do { graph = try FloatGraph(file) } catch { throw CommandError(.badData, "\(path): \(error)") }
    (preprocessing, labels) = (file.preprocessing, file.labels)
  }

  /// The inputs as samples are made for them.
  func netInputs(layout: Port.Layout?) -> [NetInput] {
    graph.inputs.map { value in
      let shape = Array(graph.values[value].shape.dropFirst())
      return NetInput(name: graph.values[value].name, shape: shape, layout: layout ?? pictureLayout(of: shape))
    }
  }

  /// Channels last only where the last axis looks like colours and the first does not.
  private func pictureLayout(of shape: [Int]) -> Port.Layout {
    guard shape.count == 3 else { return .asStored }
    let colorCounts = [1, 3, 4]
    return colorCounts.contains(shape[2]) && !colorCounts.contains(shape[0]) ? .asStored : .channelsFirst
  }
}

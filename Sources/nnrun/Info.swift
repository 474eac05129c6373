import CommandLineSupport
import NNQFloat
import NNQFormat
import NNQGraph
import NNQRuntime

/// Describes a model, integer or float, without running it. All its rules are checked.
func printInfo(_ options: RunOptions) throws {
  let info: ModelInfo
  do {
    info = try ModelInfo(path: options.modelPath)
  } catch let error as FormatError {
    throw ModelError(path: options.modelPath, cause: .format(error))
  } catch let error as GraphError {
    throw ModelError(path: options.modelPath, cause: .graph(error))
  } catch let error as FloatGraphError {
    throw CommandError(.badData, "\(options.modelPath): \(error)")
  }
  print(options.isJSON ? info.json.line : info.text)
}

/// What a file holds, as tables of text and as JSON.
struct ModelInfo {
  let listing: ModelListing
  let file: ModelFile
  let digest: String
  /// The name of each node's operator.
  let operators: [String]

  init(path: String) throws {
    listing = try ModelFile.inspect(contentsOf: path)
    file = try ModelFile.read(contentsOf: path)
    digest = try file.contentDigest().hexString
    switch file.graph.kind {
    case .integer: operators = try Graph(file).nodes.map(\.operation.name)
    case .float: operators = try FloatGraph(file).nodes.map(\.operation.name)
    }
  }

  /// Storage records belong to the constants, in order.
  var constants: [(tensor: TensorRecord, storage: StorageRecord)] {
    let tensors = file.graph.tensors.filter { if case .constant = $0.role { true } else { false } }
    return zip(tensors, listing.storage).map { (tensor: $0, storage: $1) }
  }

  /// Elements of all constants, and how many of them are stored.
  var elementCounts: (all: Int, kept: Int) {
    constants.reduce((0, 0)) { ($0.0 + $1.tensor.elementCount, $0.1 + $1.storage.keptCount) }
  }

  /// Operators and how often they occur, most frequent first.
  var operatorCounts: [(name: String, count: Int)] {
    var counts: [String: Int] = [:]
    for name in operators { counts[name, default: 0] += 1 }
    return counts.map { (name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
  }
}

extension StorageRecord {
  /// "4 bits, table, mask"
  var text: String {
    let coding = bits == 0 ? "raw" : "\(bits) bits" + (levels == .table ? ", table" : "")
    return "\(coding), \(positions)"
  }
}

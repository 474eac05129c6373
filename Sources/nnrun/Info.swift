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
  print(options.isJSON ? info.json.line : info.text.printable)
}

/// What a file holds, as tables of text and as JSON.
struct ModelInfo {
  let listing: ModelListing
  let file: ModelFile
  let digest: String
  /// Of each section.
  let statistics: [SectionStatistics]
  /// The name of each node's operator.
  let operators: [String]

  init(path: String) throws {
    listing = try ModelFile.inspect(contentsOf: path)
    file = try ModelFile.read(contentsOf: path)
    statistics = try ModelFile.sectionStatistics(contentsOf: path)
    digest = try file.contentDigest().hexString
    switch file.graph.kind {
    case .integer: operators = try Graph(file).nodes.map(\.operation.name)
    case .float: operators = try FloatGraph(file).nodes.map(\.operation.name)
    }
  }

  /// A constant of the file and how it is stored.
  struct StoredConstant {
    var tensor: TensorRecord
    /// Its own name, or the node and operand that it is: "logits:1".
    var name: String
    var storage: StorageRecord
  }

  /// Storage records belong to the constants, in order.
  var constants: [StoredConstant] {
    let indices = file.graph.tensors.indices.filter { if case .constant = file.graph.tensors[$0].role { true } else { false } }
    let users = firstUsers
    return zip(indices, listing.storage).map { index, storage in
      let tensor = file.graph.tensors[index]
      return StoredConstant(tensor: tensor, name: tensor.name.isEmpty ? users[index] ?? "" : tensor.name, storage: storage)
    }
  }

  /// "node:operand" of the first use of each tensor. A node is known by its first output.
  private var firstUsers: [Int: String] {
    var users: [Int: String] = [:]
    for node in file.graph.nodes {
      for (operand, tensor) in node.inputs.enumerated() where users[tensor] == nil {
        users[tensor] = "\(file.graph.tensors[node.outputs[0]].name):\(operand)"
      }
    }
    return users
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

extension SectionStatistics {
  /// Order-0 entropy in bytes: what no code for single bytes gets below, apart from one that follows how they change along the
  /// section or finds repetitions.
  var entropyByteCount: Int {
    let total = Double(byteCounts.reduce(0, +))
    let bits = byteCounts.reduce(0.0) { $1 > 0 ? $0 - Double($1) * DeterministicMath.log2(Double($1) / total) : $0 }
    return Int((bits / 8).rounded(.up))
  }
}

extension StorageRecord {
  /// "4 bits, table, mask"
  var text: String {
    let coding = bits == 0 ? "raw" : "\(bits) bits" + (levels == .table ? ", table" : "")
    return "\(coding), \(positions)"
  }
}

import NNQFormat
import NNQGraph
import TestSupport

/// A conformance file whose graph keeps rules of operators.md at their edge, or breaks one.
struct OperatorVector {
  /// Stem of the file in fixtures/valid/operators or fixtures/invalid/operators.
  var name: String
  var rules: [Int]
  /// Nil for a legal graph.
  var code: GraphError.Code?
  var file: ModelFile

  var path: String { (code == nil ? "valid/" : "invalid/") + "operators/" + name + ".nnq" }

  static func all() -> [OperatorVector] {
    valid() + random() + invalidDefinitions() + invalidAccumulations() + invalidArithmetic() + invalidMovement() + invalidGathering()
  }

  static func valid(_ name: String, _ rules: Int..., graph: Graph) -> OperatorVector {
    OperatorVector(name: name, rules: rules, file: graph.modelFile)
  }

  static func invalid(_ name: String, _ rules: Int..., code: GraphError.Code, graph: Graph) -> OperatorVector {
    OperatorVector(name: name, rules: rules, code: code, file: graph.modelFile)
  }

  /// A legal graph whose records are changed behind the back of its types.
  static func invalid(
    _ name: String, _ rules: Int..., code: GraphError.Code, graph: Graph, _ change: (inout ModelFile) -> Void
  ) -> OperatorVector {
    var file = graph.modelFile
    change(&file)
    return OperatorVector(name: name, rules: rules, code: code, file: file)
  }

  /// What a reader says: of a legal graph the content digest and that of the outputs for inputs drawn from seed 0 (format.md 6.4).
  static func verdict(_ bytes: [UInt8]) throws -> String {
    let file = try ModelFile.read(bytes: bytes)
    let content = try file.contentDigest().hexString
    do throws(GraphError) {
      let outputs = ReferenceExecutor(try Graph(file)).selfTestDigest(seed: 0)
      return "accept \(content) \(outputs.hexString)"
    } catch {
      return "\(error.code.rawValue) at \(error.location)"
    }
  }
}

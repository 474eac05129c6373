import NNQFloat
import NNQInput
import TestSupport

/// A net of one dense layer, y = x * weights^T, and samples for it.
enum DenseNet {
  /// - Parameter weights: of each output, as many as `depth`.
  static func graph(_ weights: [Float], depth: Int = 4) throws -> FloatGraph {
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, depth])
    let w = try graph.addConstant(name: "w", shape: [weights.count / depth, depth], values: weights)
    graph.outputs = [try graph.append(.dense, name: "y", inputs: [x, w], outputName: "y")]
    return graph
  }

  /// As a float model, as `--bits 32` writes it.
  /// - Returns: the path of its file.
  static func write(_ weights: [Float], depth: Int = 4, to folder: TemporaryFolder) throws -> String {
    let path = folder.path + "/float.nnq"
    try graph(weights, depth: depth).modelFile().write(to: path)
    return path
  }

  /// 16 samples of 4 numbers in 0...1.
  /// - Returns: the path of their file.
  static func writeSamples(to folder: TemporaryFolder) -> String {
    let values = (0..<64).map { Float($0 * 37 % 64) / 63 }
    return folder.write("calib.npy", npyBytes(InputArray(shape: [16, 4], values: .float32(values))))
  }
}

import Foundation
import NNQFloat
import TestSupport
import Testing

/// `nnconv --compare`.
@Suite struct CompareTests {
  let nnconv = Command(tool: "nnconv")
  let folder: TemporaryFolder
  let floatNet: String
  let model: String
  let samples: String

  init() throws {
    folder = try TemporaryFolder()
    (floatNet, model) = (folder.path + "/float.nnq", folder.path + "/model.nnq")
    samples = DenseNet.writeSamples(to: folder)
    try net(hidden: 3).modelFile().write(to: floatNet)
    #expect(try nnconv.run("--bits=4", "--calib", samples, "--quiet", floatNet, model).exitCode == 0)
  }

  /// Two dense layers.
  private func net(hidden: Int) throws -> FloatGraph {
    func weights(_ count: Int) -> [Float] { (0..<count).map { Float($0 * 29 % 17) / 8 - 1 } }
    var graph = FloatGraph()
    let x = try graph.addInput(name: "x", shape: [1, 4])
    let first = try graph.addConstant(name: "w1", shape: [hidden, 4], values: weights(hidden * 4))
    let h = try graph.append(.dense, name: "h", inputs: [x, first], outputName: "h")
    let second = try graph.addConstant(name: "w2", shape: [2, hidden], values: weights(hidden * 2))
    graph.outputs = [try graph.append(.dense, name: "y", inputs: [h, second], outputName: "y")]
    return graph
  }

  @Test func printsEveryLayer() throws {
    let result = try nnconv.run("--compare", floatNet, model, samples)
    #expect(result.exitCode == 0)
    #expect(result.errors == "")
    let lines = result.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].split(separator: " ", omittingEmptySubsequences: true).prefix(2) == ["layer", "kind"])
    #expect(Set(lines[1...2].map { $0.prefix(8) }) == ["h      d", "y      d"])
    #expect(lines[3].hasPrefix("16 samples of \(samples): "))
  }

  @Test func printsJSON() throws {
    let result = try nnconv.run("--compare", "--json", "--threads=2", floatNet, model, samples)
    let json = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let layers = try #require(json["layers"] as? [[String: Any]])
    #expect(Set(layers.compactMap { $0["name"] as? String }) == ["h", "y"])
    #expect(layers.allSatisfy { $0["weights"] as? Double ?? 0 > 0.5 && $0["pruning"] as? Double == 0 })
  }

  @Test func refusesAModelOfAnotherNet() throws {
    let other = folder.path + "/other.nnq"
    try net(hidden: 5).modelFile().write(to: other)
    let result = try nnconv.run("--compare", other, model, samples)
    #expect(result.exitCode == 65)
    #expect(
      result.errors == """
        nnconv: error: \(model): h: the model's tensor is u8 [1, 3], the net gives u8 [1, 5]; compare the model with the net it was \
        made from\n
        """)
  }

  @Test func refusesAFloatModel() throws {
    let result = try nnconv.run("--compare", floatNet, floatNet, samples)
    #expect(result.exitCode == 65)
    #expect(result.errors == "nnconv: error: \(floatNet): it is a float model; --compare looks at integer models\n")
  }

  @Test func refusesOptionsOfConversions() throws {
    let result = try nnconv.run("--compare", "--bits=4", floatNet, model, samples)
    #expect(result.exitCode == 64)
    #expect(result.errors == "nnconv: error: --bits does not go with --compare (see nnconv --help)\n")
    #expect(try nnconv.run("--compare", floatNet, model).exitCode == 64)
  }
}

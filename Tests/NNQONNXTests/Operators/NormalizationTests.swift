import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct NormalizationTests {
  private let statistics = ["s", "b", "m", "v"].map { TestTensor.counting($0, [2]) }

  private func refused(_ attributes: [String: TestAttribute]) -> [Refusal] {
    refusals(TestNode("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], attributes), x: [1, 2, 3, 3], statistics)
  }

  @Test func takesBatchNormalization() throws {
    let node = TestNode(
      "BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], ["epsilon": 0.001, "momentum": 0.9, "training_mode": 0])
    let graph = try graph(node, x: [1, 2, 3, 3], statistics)
    #expect(graph.operations == [.batchNormalization(epsilon: 0.001)])
    #expect(graph.nodes[0].inputs.map { graph.values[$0].name } == ["x", "s", "b", "m", "v"])
  }

  @Test func takesDefaultEpsilon() throws {
    let graph = try graph(TestNode("BatchNormalization", ["x", "s", "b", "m", "v"]), x: [1, 2, 3, 3], statistics)
    #expect(graph.operations == [.batchNormalization(epsilon: 1e-5)])
  }

  @Test func refusesTraining() {
    let place = Place("BatchNormalization", "node", attribute: "training_mode")
    let expected = Refusal(
      .unsupportedAttribute, at: place, "only inference is supported", remedy: "export the model in evaluation mode")
    #expect(refused(["training_mode": 1]) == [expected])
  }

  @Test func refusesStatisticsOfEachElement() {
    let place = Place("BatchNormalization", "node", attribute: "spatial")
    let expected = Refusal(.unsupportedAttribute, at: place, "statistics for each element are not supported")
    #expect(refused(["spatial": 0]) == [expected])
  }
}

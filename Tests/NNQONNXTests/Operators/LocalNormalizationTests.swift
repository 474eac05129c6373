import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct LocalNormalizationTests {
  private func node(_ attributes: [String: TestAttribute]) -> TestNode { TestNode("LRN", ["x"], ["y"], attributes) }

  /// Channels 3, 4, 5: each is divided by 1 and the mean of the squares of three channels, those outside being 0.
  @Test func dividesByTheSquaresOfTheChannelsAround() throws {
    let graph = try graph(node(["size": 3, "alpha": 1.0, "beta": 1.0, "bias": 1.0]), x: [1, 3, 1])
    let expected = [3 / (1 + 25 / 3.0), 4 / (1 + 50 / 3.0), 5 / (1 + 41 / 3.0)]
    for (y, expected) in zip(try FloatExecutor(graph).run(inputs: [[3, 4, 5]])[0], expected) {
      #expect((Double(y) - expected).magnitude < 1e-6)
    }
  }

  @Test func refusesRowsWithoutSpatialAxes() {
    let expected = Refusal(
      .unsupportedOperand, at: Place("LRN", "node"), "the input has shape [1, 3], at least one spatial axis is needed")
    #expect(refusals(node(["size": 3]), x: [1, 3]) == [expected])
  }

  @Test func refusesWindowsWithoutSize() {
    let expected = Refusal(.invalidAttribute, at: Place("LRN", "node", attribute: "size"), "it is missing, or not in 1...65535")
    #expect(refusals(node([:]), x: [1, 3, 2]) == [expected])
    #expect(refusals(node(["size": 0]), x: [1, 3, 2]) == [expected])
    #expect(refusals(node(["size": 65_536]), x: [1, 3, 2]) == [expected])
  }
}

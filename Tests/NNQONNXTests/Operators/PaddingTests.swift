import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct PaddingTests {
  private func place(_ attribute: String? = nil) -> Place { Place("Pad", "node", attribute: attribute) }

  private func padded(_ mode: String, _ pads: [Int64], x: [Int]) throws -> FloatGraph {
    try graph(TestNode("Pad", ["x", "p"], ["y"], ["mode": .text(mode)]), x: x, [.integers("p", pads)])
  }

  @Test func padsByAttributesAndOperands() throws {
    let old = TestNode("Pad", ["x"], ["y"], ["mode": "constant", "pads": [0, 0, 1, 0, 0, 2], "value": 1.5])
    #expect(try graph(old, x: [1, 2, 3], opset: 10).operations == [.pad(before: [0, 0, 1], after: [0, 0, 2], value: 1.5)])
    let operands: [TestTensor] = [.integers("p", [3, 4]), .floats("v", [], [2]), .integers("a", [-1])]
    let new = TestNode("Pad", ["x", "p", "v", "a"])
    #expect(try graph(new, x: [1, 2, 3], operands, opset: 18).operations == [.pad(before: [0, 0, 3], after: [0, 0, 4], value: 2)])
  }

  @Test(
    arguments: [("reflect", [2, 1, 0, 1, 2, 1, 0]), ("edge", [0, 0, 0, 1, 2, 2, 2]), ("wrap", [1, 2, 0, 1, 2, 0, 1])] as [(String, [Float])]
  )
  func gathersWhatAnAxisIsPaddedWith(mode: String, indices: [Float]) throws {
    let graph = try padded(mode, [0, 2, 0, 2], x: [1, 3])
    #expect(graph.operations == [.take(axis: 1)])
    #expect(graph.constant("y.indices") == indices)
    #expect(try padded(mode, [0, 1, 1, 0, 1, 0], x: [1, 3, 4]).operations == [.take(axis: 1), .take(axis: 2)])
  }

  @Test func cropsBeforeItPads() throws {
    let graph = try padded("constant", [0, -1, 0, 2], x: [1, 4])
    #expect(graph.operations == [.slice(begin: [0, 1], step: [1, 1]), .pad(before: [0, 0], after: [0, 2], value: 0)])
    #expect(graph.outputShapes == [[1, 5]])
    let cropped = try padded("edge", [0, 0, 0, -2], x: [1, 4])
    #expect(cropped.operations == [.slice(begin: [0, 0], step: [1, 1])])
    #expect(cropped.outputShapes == [[1, 2]])
  }

  @Test func refusesOtherPadding() {
    let mode = Refusal(.unsupportedAttribute, at: place("mode"), "'mirror' is not one of constant, edge, reflect, wrap")
    #expect(refusals(TestNode("Pad", ["x", "p"], ["y"], ["mode": "mirror"]), x: [1, 2], [.integers("p", [0, 1, 0, 1])]) == [mode])
    let count = Refusal(.invalidOperand, at: place(), "3 pads for 2 axes")
    #expect(refusals(TestNode("Pad", ["x", "p"]), x: [1, 2], [.integers("p", [0, 1, 0])]) == [count])
    let large = Refusal(.invalidOperand, at: place(), "padding \(Int64.max) is not in -16777216...16777216")
    #expect(refusals(TestNode("Pad", ["x", "p"]), x: [1, 2], [.integers("p", [0, 1, 0, .max])]) == [large])
    let empty = Refusal(.invalidShape, at: place(), "shape [1, 0] is empty or larger than 2^31-1 bytes")
    #expect(refusals(TestNode("Pad", ["x", "p"]), x: [1, 2], [.integers("p", [0, -1, 0, -1])]) == [empty])
  }
}

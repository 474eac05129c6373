import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ResizingTests {
  private func place(_ attribute: String? = nil) -> Place { Place("Resize", "node", attribute: attribute) }

  private func resized(
    _ attributes: [String: TestAttribute], width: Int, to size: Int, opset: Int64 = 13
  ) throws -> [Float]? {
    let sizes = TestTensor.integers("s", [1, 1, 2, Int64(size)])
    let graph = try graph(TestNode("Resize", ["x", "", "", "s"], ["y"], attributes), x: [1, 1, 2, width], [sizes], opset: opset)
    #expect(graph.operations == [.resize])
    #expect(graph.constant("y.places2") == [0, 1])
    return graph.constant("y.places3")
  }

  /// Two elements become four.
  @Test(
    arguments: [
      ("half_pixel", [0, 0.25, 0.75, 1]), ("asymmetric", [0, 0.5, 1, 1]), ("align_corners", [0, 1 / 3, 2 / 3, 1]),
      ("pytorch_half_pixel", [0, 0.25, 0.75, 1]), ("half_pixel_symmetric", [0, 0.25, 0.75, 1]),
      ("tf_half_pixel_for_nn", [0.25, 0.75, 1, 1]),
    ] as [(String, [Float])])
  func findsPlacesForLinearInterpolation(mode: String, places: [Float]) throws {
    #expect(try resized(["mode": "linear", "coordinate_transformation_mode": .text(mode)], width: 2, to: 4) == places)
  }

  /// Four elements become two at 0.5 and 2.5, or one at 1.5.
  @Test(
    arguments: [
      ("round_prefer_floor", [0, 2]), ("round_prefer_ceil", [1, 3]), ("floor", [0, 2]), ("ceil", [1, 3]),
    ] as [(String, [Float])])
  func roundsPlacesToTheNearest(mode: String, places: [Float]) throws {
    #expect(try resized(["mode": "nearest", "nearest_mode": .text(mode)], width: 4, to: 2) == places)
  }

  @Test func oneElementIsTheFirst() throws {
    for mode in ["pytorch_half_pixel", "align_corners"] {
      #expect(try resized(["mode": "linear", "coordinate_transformation_mode": .text(mode)], width: 4, to: 1) == [0])
    }
    #expect(try resized(["mode": "linear"], width: 4, to: 1) == [1.5])
  }

  /// The last element of four is at 1.4 of an output 2.4 long, which has two.
  @Test func alignsCornersOfTheScaledLength() throws {
    let node = TestNode("Resize", ["x", "", "s"], ["y"], ["mode": "linear", "coordinate_transformation_mode": "align_corners"])
    let graph = try graph(node, x: [1, 1, 4, 4], [.floats("s", [4], [1, 1, 1, 0.6])])
    #expect(graph.outputShapes == [[1, 1, 4, 2]])
    #expect(graph.constant("y.places3").map { $0.map { ($0 * 100).rounded() } } == [0, 214])
  }

  @Test func scalesRoundDown() throws {
    let node = TestNode("Resize", ["x", "", "s"], ["y"], ["mode": "linear"])
    let graph = try graph(node, x: [1, 1, 4, 5], [.floats("s", [4], [1, 1, 0.5, 1.5])])
    #expect(graph.outputShapes == [[1, 1, 2, 7]])
    #expect(graph.constant("y.places2") == [0.5, 2.5])
    let line = try self.graphOfLine(scale: 2)
    #expect(line.outputShapes == [[1, 3, 8]])
  }

  private func graphOfLine(scale: Float) throws -> FloatGraph {
    try graph(TestNode("Resize", ["x", "", "s"], ["y"], ["mode": "linear"]), x: [1, 3, 4], [.floats("s", [3], [1, 1, scale])])
  }

  @Test func olderOperatorsCountFromTheFirstElement() throws {
    let scales = TestTensor.floats("s", [4], [1, 1, 1, 2])
    let nodes: [(TestNode, Int64)] = [
      (TestNode("Resize", ["x", "s"], ["y"], ["mode": "nearest"]), 10), (TestNode("Upsample", ["x", "s"]), 9),
      (TestNode("Upsample", ["x"], ["y"], ["scales": .floats([1, 1, 1, 2])]), 7),
    ]
    for (node, opset) in nodes {
      let graph = try graph(node, x: [1, 1, 1, 2], node.inputs.count > 1 ? [scales] : [], opset: opset)
      #expect(graph.constant("y.places3") == [0, 0, 1, 1])
    }
  }

  @Test func keepsTheAspectRatio() throws {
    func shape(_ policy: TestAttribute) throws -> [Int] {
      let node = TestNode("Resize", ["x", "", "", "s"], ["y"], ["keep_aspect_ratio_policy": policy, "axes": [2, 3]])
      return try graph(node, x: [1, 1, 4, 8], [.integers("s", [6, 6])], opset: 18).outputShapes[0]
    }
    #expect(try shape("not_larger") == [1, 1, 3, 6])
    #expect(try shape("not_smaller") == [1, 1, 6, 12])
    #expect(try shape("stretch") == [1, 1, 6, 6])
  }

  @Test func accountsForPlacesBeforeTheyAreMade() {
    let node = TestNode("Resize", ["x", "", "", "s"], ["y"], ["keep_aspect_ratio_policy": "not_smaller", "axes": [2, 3]])
    let refused = refusals(node, x: [1, 1, 1, 60_000], [.integers("s", [1 << 23, 1])], opset: 18)
    #expect(refused.map(\.code) == [.tooLarge])
  }

  @Test func refusesOtherNumbersOfScalesOrSizesThanAxes() {
    func refused(_ inputs: [String], _ operand: TestTensor, _ attributes: [String: TestAttribute] = [:]) -> [Refusal] {
      refusals(TestNode("Resize", inputs, ["y"], attributes), x: [1, 1, 4, 4], [operand], opset: 18)
    }
    let scales = Refusal(.invalidOperand, at: place(), "3 scales for 4 axes")
    #expect(refused(["x", "", "s"], .floats("s", [3], [1, 1, 2])) == [scales])
    let sizes = Refusal(.invalidOperand, at: place(), "sizes [8] for 2 axes")
    #expect(refused(["x", "", "", "s"], .integers("s", [8]), ["axes": [2, 3]]) == [sizes])
    let policy = Refusal(.unsupportedAttribute, at: place("keep_aspect_ratio_policy"), "'other' is not supported")
    #expect(refused(["x", "", "", "s"], .integers("s", [1, 1, 8, 8]), ["keep_aspect_ratio_policy": "other"]) == [policy])
  }

  @Test func refusesWhatItDoesNotInterpolate() {
    func refused(_ attributes: [String: TestAttribute], _ scales: [Float] = [1, 1, 0.5, 0.5]) -> [Refusal] {
      refusals(TestNode("Resize", ["x", "", "s"], ["y"], attributes), x: [1, 4, 4, 4], [.floats("s", [4], scales)], opset: 18)
    }
    let mode = Refusal(.invalidAttribute, at: place("mode"), "'spline' is not one of nearest, linear, cubic")
    #expect(refused(["mode": "spline"]) == [mode])
    let region = Refusal(.invalidOperand, at: place(), "a region of 0 finite numbers for 4 axes")
    #expect(refused(["coordinate_transformation_mode": "tf_crop_and_resize"]) == [region])
    let none = Refusal(.invalidOperand, at: place(), "scale 0.0 of axis 2, which has 4 elements")
    #expect(refused([:], [1, 1, 0, 1]) == [none])
  }
}

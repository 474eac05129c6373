import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct GatheringTests {
  private func gathered(_ indices: [Int64], _ shape: [Int], axis: Int64 = 1) throws -> FloatGraph {
    let operand = TestTensor.integers("i", indices, dims: shape)
    return try graph(TestNode("Gather", ["x", "i"], ["y"], ["axis": .integer(axis)]), x: [1, 4, 3], [operand])
  }

  @Test func picksOneElement() throws {
    let graph = try gathered([-1], [])
    #expect(graph.operations == [.slice(begin: [0, 3, 0], step: [1, 1, 1]), .reshape])
    #expect(graph.outputShapes == [[1, 3]])
  }

  @Test func slicesEvenDistances() throws {
    #expect(try gathered([1, 3], [2]).operations == [.slice(begin: [0, 1, 0], step: [1, 2, 1])])
  }

  @Test func takesOtherElements() throws {
    let graph = try gathered([2, 0, 1, 1], [2, 2], axis: -1)
    #expect(graph.operations == [.take(axis: 2), .reshape])
    #expect(graph.outputShapes == [[1, 4, 2, 2]])
    #expect(graph.constant("y.indices") == [2, 0, 1, 1])
  }

  @Test func expandsByRepeating() throws {
    func expanded(_ x: [Int], _ target: [Int64]) throws -> FloatGraph {
      try graph(TestNode("Expand", ["x", "s"]), x: x, [.integers("s", target)])
    }
    let planes = try expanded([1, 2, 1, 1], [1, 2, 3, 4])
    #expect(planes.operations == [.take(axis: 2), .take(axis: 3)])
    #expect(planes.outputShapes == [[1, 2, 3, 4]])
    #expect(try expanded([1, 3], [1, 1, 3]).operations == [.reshape])
    #expect(try expanded([1, 3], [2, 1, 1]).operations == [.reshape, .take(axis: 0)])
    let relu = TestNode("Relu", ["e"], ["y"])
    let model = TestModel(
      nodes: [TestNode("Expand", ["x", "s"], ["e"]), relu], initializers: [.integers("s", [1, 1])], inputs: [TestInput("x", [1, 3])],
      outputs: ["y"])
    #expect(try model.imported().graph.operations == [.unary(.relu)], "nothing is repeated")
  }

  @Test func tilesValuesAndConstants() throws {
    let graph = try graph(TestNode("Tile", ["x", "r"]), x: [1, 2, 3], [.integers("r", [1, 2, 1])])
    #expect(graph.operations == [.take(axis: 1)])
    #expect(graph.constant("y.indices") == [0, 1, 0, 1])
    let tiled = try folded(TestNode("Tile", ["x", "r"]), [.integers([1, 2], shape: [1, 2]), .integers([2, 2])])
    #expect(tiled == .integers([1, 2, 1, 2, 1, 2, 1, 2], shape: [2, 4]))
    let refused = Refusal(.invalidOperand, at: Place("Tile", "node"), "repeats [1, 0] of shape [1, 2]")
    #expect(refusals(TestNode("Tile", ["x", "r"]), x: [1, 2], [.integers("r", [1, 0])]) == [refused])
  }

  /// A few bytes of the file ask for gigabytes, or for less than nothing.
  @Test func accountsForIndicesBeforeTheyAreMade() {
    func codes(_ opType: String, x: [Int], _ operand: [Int64]) -> [Refusal.Code] {
      refusals(TestNode(opType, ["x", "n"]), x: x, [.integers("n", operand)]).map(\.code)
    }
    #expect(codes("Expand", x: [1, 1], [1, 1 << 40]) == [.invalidShape])
    #expect(codes("Expand", x: [1, 1], [1, 1 << 30]) == [.tooLarge])
    #expect(codes("Expand", x: [1, 1], [-1, 1]) == [.invalidShape])
    #expect(codes("Tile", x: [1, 65_535], [1, 65_535]) == [.invalidShape])
  }

  @Test func movesBlocksBetweenDepthAndSpace() throws {
    func moved(_ opType: String, _ attributes: [String: TestAttribute], x: [Int]) throws -> FloatGraph {
      try graph(TestNode(opType, ["x"], ["y"], attributes), x: x)
    }
    let dcr = try moved("DepthToSpace", ["blocksize": 2], x: [1, 8, 3, 5])
    #expect(dcr.operations == [.reshape, .transpose(permutation: [0, 3, 4, 1, 5, 2]), .reshape])
    #expect(dcr.outputShapes == [[1, 2, 6, 10]])
    let crd = try moved("DepthToSpace", ["blocksize": 2, "mode": "CRD"], x: [1, 8, 3, 5])
    #expect(crd.operations == [.reshape, .transpose(permutation: [0, 1, 4, 2, 5, 3]), .reshape])
    #expect(try moved("SpaceToDepth", ["blocksize": 3], x: [1, 2, 6, 3]).outputShapes == [[1, 18, 2, 1]])
    let part = Refusal(.invalidShape, at: Place("SpaceToDepth", "node"), "[1, 2, 6, 3] is not a whole number of blocks of 2 x 2")
    #expect(refusals(TestNode("SpaceToDepth", ["x"], ["y"], ["blocksize": 2]), x: [1, 2, 6, 3]) == [part])
  }
}

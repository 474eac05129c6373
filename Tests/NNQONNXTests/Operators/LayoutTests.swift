import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct LayoutTests {
  private func place(_ opType: String, _ attribute: String? = nil) -> Place { Place(opType, "node", attribute: attribute) }

  private func reshaped(_ target: [Int64], allowZero: Int64 = 0) throws -> [Int] {
    let node = TestNode("Reshape", ["x", "s"], ["y"], ["allowzero": .integer(allowZero)])
    return try graph(node, x: [1, 4, 6], [.integers("s", target)]).outputShapes[0]
  }

  @Test func resolvesReshapeTargets() throws {
    #expect(try reshaped([1, 24]) == [1, 24])
    #expect(try reshaped([0, -1]) == [1, 24])
    #expect(try reshaped([0, 0, 2, -1]) == [1, 4, 2, 3])
    #expect(try reshaped([-1, 2, 12], allowZero: 1) == [1, 2, 12])
  }

  @Test(arguments: [[1, 23], [-1, -1], [0, 5, -1], [1, 0, -2], [.max, .max]] as [[Int64]])
  func refusesReshapeOfOtherSize(target: [Int64]) {
    let expected = Refusal(.invalidShape, at: place("Reshape"), "[1, 4, 6] does not reshape to \(target)")
    #expect(refusals(TestNode("Reshape", ["x", "s"]), x: [1, 4, 6], [.integers("s", target)]) == [expected])
  }

  @Test func refusesZerosThatKeepNothing() {
    let beyond = Refusal(.invalidShape, at: place("Reshape"), "target [1, 4, 6, 0] keeps axis 3 of shape [1, 4, 6]")
    #expect(refusals(TestNode("Reshape", ["x", "s"]), x: [1, 4, 6], [.integers("s", [1, 4, 6, 0])]) == [beyond])
    let literal = Refusal(.invalidShape, at: place("Reshape"), "[1, 4, 6] does not reshape to [0, 24]")
    let node = TestNode("Reshape", ["x", "s"], ["y"], ["allowzero": 1])
    #expect(refusals(node, x: [1, 4, 6], [.integers("s", [0, 24])]) == [literal])
  }

  @Test(arguments: [(1, [1, 24]), (2, [4, 6]), (0, [1, 24]), (-1, [4, 6]), (3, [24, 1])] as [(Int64, [Int])])
  func flattensFromAnAxis(axis: Int64, shape: [Int]) throws {
    #expect(try graph(TestNode("Flatten", ["x"], ["y"], ["axis": .integer(axis)]), x: [1, 4, 6]).outputShapes == [shape])
  }

  @Test func squeezesNamedAxes() throws {
    let attribute = TestNode("Squeeze", ["x"], ["y"], ["axes": [2, -1]])
    #expect(try graph(attribute, x: [1, 4, 1, 1], opset: 11).outputShapes == [[1, 4]])
    #expect(try graph(TestNode("Squeeze", ["x", "a"]), x: [1, 4, 1, 1], [.integers("a", [3])]).outputShapes == [[1, 4, 1]])
    let wide = Refusal(.invalidShape, at: place("Squeeze", "axes"), "axis 1 of [1, 4] is not 1")
    #expect(refusals(TestNode("Squeeze", ["x", "a"]), x: [1, 4], [.integers("a", [1])]) == [wide])
  }

  @Test func refusesSqueezeThatRemovesTheBatch() {
    let expected = Refusal(
      .batchAxis, at: place("Squeeze"), "without axes it removes the batch axis too",
      remedy: "export it with the axes it is to remove")
    #expect(refusals(TestNode("Squeeze", ["x"]), x: [1, 4, 1]) == [expected])
  }

  @Test func unsqueezes() throws {
    #expect(try graph(TestNode("Unsqueeze", ["x"], ["y"], ["axes": [1, -1]]), x: [1, 4], opset: 11).outputShapes == [[1, 1, 4, 1]])
    #expect(try graph(TestNode("Unsqueeze", ["x", "a"]), x: [1, 4], [.integers("a", [2])]).outputShapes == [[1, 4, 1]])
    let twice = Refusal(.invalidAttribute, at: place("Unsqueeze", "axes"), "axis 1 occurs twice")
    #expect(refusals(TestNode("Unsqueeze", ["x", "a"]), x: [1, 4], [.integers("a", [1, -3])]) == [twice])
    let many = Refusal(.invalidShape, at: place("Unsqueeze"), "it has more than 8 axes")
    #expect(refusals(TestNode("Unsqueeze", ["x", "a"]), x: [1, 4], [.integers("a", Array(1...7))]) == [many])
  }

  @Test func transposes() throws {
    let nhwc = try graph(TestNode("Transpose", ["x"], ["y"], ["perm": [0, 2, 3, 1]]), x: [1, 3, 4, 5])
    #expect(nhwc.operations == [.transpose(permutation: [0, 2, 3, 1])])
    #expect(try graph(TestNode("Transpose", ["x"]), x: [1, 3, 4]).operations == [.transpose(permutation: [2, 1, 0])])
    let expected = Refusal(.invalidAttribute, at: place("Transpose", "perm"), "[0, 0] does not name each axis of [1, 3] once")
    #expect(refusals(TestNode("Transpose", ["x"], ["y"], ["perm": [0, 0]]), x: [1, 3]) == [expected])
  }

  @Test func slicesByAttributesAndOperands() throws {
    let attributes = TestNode("Slice", ["x"], ["y"], ["axes": [2], "ends": [.max], "starts": [2]])
    let tail = try graph(attributes, x: [1, 4, 6], opset: 9)
    #expect(tail.operations == [.slice(begin: [0, 0, 2], step: [1, 1, 1])])
    #expect(tail.outputShapes == [[1, 4, 4]])
    let operands: [TestTensor] = [
      .integers("starts", [-5, 0]), .integers("ends", [-1, 100]), .integers("axes", [-1, 1]), .integers("steps", [3, 2]),
    ]
    let strided = try graph(TestNode("Slice", ["x", "starts", "ends", "axes", "steps"]), x: [1, 4, 6], operands)
    #expect(strided.operations == [.slice(begin: [0, 0, 1], step: [1, 2, 3])])
    #expect(strided.outputShapes == [[1, 2, 2]])
  }

  @Test func slicesBackwardsByGathering() throws {
    let operands: [TestTensor] = [
      .integers("starts", [1, -1]), .integers("ends", [3, -100]), .integers("axes", [1, 2]), .integers("steps", [1, -2]),
    ]
    let graph = try graph(TestNode("Slice", ["x", "starts", "ends", "axes", "steps"]), x: [1, 4, 5], operands)
    #expect(graph.operations == [.slice(begin: [0, 1, 0], step: [1, 1, 1]), .take(axis: 2)])
    #expect(graph.outputShapes == [[1, 2, 3]])
    #expect(graph.constant("y.indices") == [4, 2, 0])
  }

  @Test func refusesEmptySlices() {
    let node = TestNode("Slice", ["x", "starts", "ends", "axes", "steps"])
    func refused(_ start: Int64, _ end: Int64, _ step: Int64) -> [Refusal] {
      let operands: [TestTensor] = [
        .integers("starts", [start]), .integers("ends", [end]), .integers("axes", [1]), .integers("steps", [step]),
      ]
      return refusals(node, x: [1, 4], operands)
    }
    #expect(refused(0, 4, 0) == [Refusal(.invalidOperand, at: place("Slice"), "step 0 of axis 1")])
    let empty = Refusal(.invalidShape, at: place("Slice"), "shape [1, 0] is empty or larger than 2^31-1 bytes")
    #expect(refused(2, 2, 1) == [empty])
  }

  @Test func concatenatesValuesAndConstants() throws {
    let graph = try graph(TestNode("Concat", ["x", "c", "x"], ["y"], ["axis": -1]), x: [1, 2], [.counting("c", [1, 3])])
    #expect(graph.operations == [.concat(axis: 1)])
    #expect(graph.outputShapes == [[1, 7]])
  }

  @Test func passesIdentityDropoutAndCastThrough() throws {
    let nodes = [
      TestNode("Identity", ["x"], ["a"]), TestNode("Dropout", ["a"], ["b"], ["ratio": 0.5]), TestNode("Cast", ["b"], ["c"], ["to": 1]),
      TestNode("Relu", ["c"], ["y"]),
    ]
    var model = TestModel(nodes: nodes, inputs: [TestInput("x", [1, 2])], outputs: ["y"])
    model.opsets = [("", 11)]
    #expect(try model.imported().graph.operations == [.unary(.relu)])
  }

  @Test func refusesTrainingDropoutAndCastToIntegers() {
    let training = Refusal(.unsupportedOperand, at: place("Dropout"), "training_mode is set", remedy: "export the model in evaluation mode")
    let isTraining = TestTensor(name: "t", dims: [], dataType: 9, raw: [1])
    #expect(refusals(TestNode("Dropout", ["x", "", "t"]), x: [1, 2], [isTraining]) == [training])
    let small = Refusal(.unsupportedType, at: place("Cast", "to"), "element type 17 of ONNX is not supported here")
    #expect(refusals(TestNode("Cast", ["x"], ["y"], ["to": 17]), x: [1, 2]) == [small])
    let cast = Refusal(.unsupportedType, at: place("Cast", "to"), "element type 7 of ONNX is not supported here")
    #expect(refusals(TestNode("Cast", ["x"], ["y"], ["to": 7]), x: [1, 2]) == [cast])
  }
}

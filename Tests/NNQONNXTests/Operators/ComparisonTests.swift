import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct ComparisonTests {
  /// What a node computes from the input "x" and a constant "c".
  private func computed(_ node: TestNode, _ x: [Float], _ c: TestTensor) throws -> [Float] {
    try FloatExecutor(graph(node, x: [1, x.count], [c])).run(inputs: [x])[0]
  }

  @Test(
    arguments: [
      ("Less", [1, 0, 0, 0]), ("LessOrEqual", [1, 1, 0, 0]), ("Equal", [0, 1, 0, 0]), ("GreaterOrEqual", [0, 1, 1, 0]),
      ("Greater", [0, 0, 1, 0]),
    ] as [(String, [Float])])
  func comparesWhatTheNetComputes(opType: String, expected: [Float]) throws {
    let two = TestTensor.floats("c", [], [2])
    #expect(try computed(TestNode(opType, ["x", "c"]), [1, 2, 3, .nan], two) == expected)
    let mirrored = try graph(TestNode(opType, ["c", "x"]), x: [1, 1], [two])
    let same = expected[0] == expected[2] ? expected[0] : 1 - expected[0]
    #expect(try FloatExecutor(mirrored).run(inputs: [[1]]) == [[same]])
  }

  @Test(arguments: [("And", [0, 1]), ("Or", [1, 1]), ("Xor", [1, 0])] as [(String, [Float])])
  func combinesWhatTheNetComputes(opType: String, expected: [Float]) throws {
    #expect(try computed(TestNode(opType, ["c", "x"]), [0, 1], .booleans("c", [1], [true])) == expected)
    #expect(try computed(TestNode("Not", ["x"]), [0, 1], .booleans("c", [1], [true])) == [1, 0])
    #expect(try computed(TestNode("Cast", ["x"], ["y"], ["to": 9]), [0, -3], .booleans("c", [1], [true])) == [0, 1])
  }

  @Test(arguments: [
    ("Less", [true, false, false]), ("LessOrEqual", [true, true, false]), ("Equal", [false, true, false]),
    ("GreaterOrEqual", [false, true, true]), ("Greater", [false, false, true]),
  ])
  func comparesNumbers(opType: String, expected: [Bool]) throws {
    let node = TestNode(opType, ["a", "b"])
    #expect(try folded(node, [.integers([1, 2, 3]), .integers([2], shape: [])]) == .booleans(expected))
    #expect(try folded(node, [.floats([1, 2, 3]), .floats([2])]) == .booleans(expected))
    #expect(try folded(node, [.floats([.nan]), .floats([2])]) == .booleans([false]))
  }

  @Test(arguments: [
    ("And", [false, false, false, true]), ("Or", [false, true, true, true]), ("Xor", [false, true, true, false]),
    ("Equal", [true, false, false, true]),
  ])
  func combinesTruthValues(opType: String, expected: [Bool]) throws {
    let a = HostTensor.booleans([false, true], shape: [2, 1])
    let b = HostTensor.booleans([false, true])
    #expect(try folded(TestNode(opType, ["a", "b"]), [a, b]) == .booleans(expected, shape: [2, 2]))
  }

  @Test func refusesOtherTypes() {
    let place = Place("And", "node")
    let expected = Refusal(.invalidOperand, at: place, "operand 1 holds integers, expected booleans")
    #expect(throws: expected) { try folded(TestNode("And", ["a", "b"]), [.booleans([true]), .integers([1])]) }
    let mixed = Refusal(.invalidOperand, at: Place("Less", "node"), "operands hold floats and integers")
    #expect(throws: mixed) { try folded(TestNode("Less", ["a", "b"]), [.floats([1]), .integers([1])]) }
  }
}

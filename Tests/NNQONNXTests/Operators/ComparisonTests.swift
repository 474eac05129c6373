import Testing

@testable import NNQONNX

@Suite struct ComparisonTests {
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

import NNQFloat
import Testing

@testable import NNQONNX

/// Sum, Max, Min and Mean.
@Suite struct VariadicTests {
  private static let c = TestTensor.floats("c", [3], [1, 5, 3])
  private static let d = TestTensor.floats("d", [3], [4, 2, 6])

  @Test(arguments: [("Sum", FloatBinary.add), ("Max", .maximum), ("Min", .minimum)])
  func combinesOperandsInTurn(opType: String, operation: FloatBinary) throws {
    let graph = try graph(TestNode(opType, ["x", "c", "x"]), x: [1, 3], [Self.c])
    #expect(graph.operations == [.binary(operation), .binary(operation)])
    #expect(graph.nodes[0].inputs.map { graph.values[$0].name } == ["x", "c"])
    #expect(graph.outputs.map { graph.values[$0].name } == ["y"])
  }

  @Test func foldsConstantsBeforeTheFirstValue() throws {
    let graph = try graph(TestNode("Sum", ["c", "d", "x"]), x: [1, 3], [Self.c, Self.d])
    #expect(graph.operations == [.binary(.add)])
    #expect(graph.constant("y.constant") == [5, 7, 9])
  }

  @Test func foldsConstants() throws {
    let tensors: [HostTensor] = [.floats([1, 5, 3]), .floats([4, 2, 6]), .floats([0])]
    #expect(try folded(TestNode("Max", ["a", "b", "c"]), tensors) == .floats([4, 5, 6]))
    #expect(try folded(TestNode("Min", ["a", "b", "c"]), tensors) == .floats([0, 0, 0]))
    #expect(try folded(TestNode("Sum", ["a", "b", "c"]), tensors) == .floats([5, 7, 9]))
    #expect(try folded(TestNode("Mean", ["a", "b"]), Array(tensors[..<2])) == .floats([2.5, 3.5, 4.5]))
    #expect(try folded(TestNode("Max", ["a", "b"]), [.integers([1, -1]), .integers([0])]) == .integers([1, 0]))
  }

  @Test func meanIsAShareOfTheSum() throws {
    let graph = try graph(TestNode("Mean", ["x", "c", "d", "x"]), x: [1, 3], [Self.c, Self.d])
    #expect(graph.operations == [.binary(.add), .binary(.add), .binary(.add), .binary(.mul)])
    #expect(graph.constant("y.share") == [0.25])
    let two: [Float] = [3, 0, 3]
    #expect(try FloatExecutor(graph).run(inputs: [two]) == [[2.75, 1.75, 3.75]])
  }

  @Test func oneOperandIsItself() throws {
    let graph = try graph(TestNode("Sum", ["x"]), x: [1, 3])
    #expect(graph.operations == [.reshape], "an output under another name")
  }

  @Test func theLargerOrSmallerOfAValueAndANumberIsAClip() throws {
    let bound = TestTensor.floats("b", [1], [2])
    let highest = Float.greatestFiniteMagnitude
    #expect(try graph(TestNode("Max", ["x", "b"]), x: [1, 3], [bound]).operations == [.unary(.clip(lo: 2, hi: highest))])
    #expect(try graph(TestNode("Min", ["b", "x"]), x: [1, 3], [bound]).operations == [.unary(.clip(lo: -highest, hi: 2))])
    let wider = TestTensor.floats("b", [1, 1, 1], [2])
    #expect(try graph(TestNode("Max", ["x", "b"]), x: [1, 3], [wider]).operations == [.binary(.maximum)], "it adds an axis")
  }

  @Test func refusesNoOperandsAndIntegers() {
    let none = Refusal(.missingOperand, at: Place("Sum", "node"), "operand 0 is missing")
    #expect(refusals(TestNode("Sum", []), x: [1, 3]) == [none])
    let integers = Refusal(.invalidOperand, at: Place("Max", "node"), "an operand holds integers, expected floats")
    #expect(refusals(TestNode("Max", ["i", "j", "x"]), x: [1, 1], [.integers("i", [1]), .integers("j", [2])]) == [integers])
  }
}

import Testing

@testable import NNQONNX

@Suite struct FoldedArithmeticTests {
  @Test func computesIntegersAndFloats() throws {
    func compute(_ opType: String, _ a: HostTensor, _ b: HostTensor) throws -> HostTensor? {
      try folded(TestNode(opType, ["a", "b"]), [a, b])
    }
    #expect(try compute("Add", .integers([1, 2]), .integers([3], shape: [])) == .integers([4, 5]))
    #expect(try compute("Sub", .floats([1, 2]), .floats([0.5])) == .floats([0.5, 1.5]))
    #expect(try compute("Mul", .integers([1, 2], shape: [2, 1]), .integers([3, 4])) == .integers([3, 4, 6, 8], shape: [2, 2]))
    #expect(try compute("Div", .integers([-7, 7]), .integers([2])) == .integers([-3, 3]))
    #expect(try compute("Div", .floats([1]), .floats([4])) == .floats([0.25]))
    #expect(try compute("Add", .integers([]), .integers([1])) == .integers([]))
    #expect(
      try compute("Pow", .integers([3, -2, 2, -1, 1, 0]), .integers([2, 3, 62, 99, 99, 0])) == .integers([9, -8, 1 << 62, -1, 1, 1]))
    #expect(try compute("Pow", .floats([9, -2]), .floats([0.5, 3])) == .floats([3, -8]))
    #expect(try compute("PRelu", .integers([3, -2]), .integers([5])) == .integers([3, -10]))
  }

  @Test(arguments: [
    ("Div", Int64(1), Int64(0)), ("Div", .min, -1), ("Add", .max, 1), ("Mul", 1 << 62, 4), ("Sub", .min, 1), ("Pow", 2, 63), ("Pow", 3, -1),
    ("Pow", 2, .max),
  ])
  func refusesOverflow(opType: String, a: Int64, b: Int64) {
    let expected = Refusal(.invalidOperand, at: Place(opType, "node"), "it overflows, or divides by zero, for \(a) and \(b)")
    #expect(throws: expected) { try folded(TestNode(opType, ["a", "b"]), [.integers([a]), .integers([b])]) }
  }

  @Test func refusesMixedTypes() {
    let expected = Refusal(.invalidOperand, at: Place("Add", "node"), "operands hold integers and floats")
    #expect(throws: expected) { try folded(TestNode("Add", ["a", "b"]), [.integers([1]), .floats([1])]) }
  }

  @Test func comparesAndChooses() throws {
    let equal = try folded(TestNode("Equal", ["a", "b"]), [.integers([1, -1, 3]), .integers([-1], shape: [])])
    #expect(equal == .booleans([false, true, false]))
    #expect(try folded(TestNode("Not", ["a"]), [equal]) == .booleans([true, false, true]))
    let chosen = try folded(TestNode("Where", ["c", "a", "b"]), [equal, .integers([5], shape: []), .integers([7, 8, 9])])
    #expect(chosen == .integers([7, 5, 9]))
  }

  @Test func rounds() throws {
    #expect(try folded(TestNode("Floor", ["a"]), [.floats([1.5, -1.5])]) == .floats([1, -2]))
  }

  @Test func casts() throws {
    func cast(_ to: TestAttribute, _ tensor: HostTensor) throws -> HostTensor? {
      try folded(TestNode("Cast", ["a"], ["y"], ["to": to]), [tensor])
    }
    #expect(try cast(1, .integers([1, -2])) == .floats([1, -2]))
    #expect(try cast(7, .floats([1.9, -1.9])) == .integers([1, -1]))
    #expect(try cast(6, .booleans([true, false])) == .integers([1, 0]))
    #expect(try cast(9, .floats([0, 0.5])) == .booleans([false, true]))
    #expect(try cast(7, .integers([.max])) == .integers([.max]))
    #expect(try cast(10, .integers([1])) == .floats([1]))
    #expect(try folded(TestNode("CastLike", ["a", "b"]), [.floats([1.9]), .integers([0])]) == .integers([1]))
    #expect(try folded(TestNode("CastLike", ["a", "b"]), [.booleans([true]), .floats([0])]) == .floats([1]))
    let expected = Refusal(.invalidOperand, at: Place("Cast", "node"), "inf is no integer")
    #expect(throws: expected) { try cast(7, .floats([.infinity])) }
  }
}

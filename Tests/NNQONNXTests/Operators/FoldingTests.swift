import Testing

@testable import NNQONNX

@Suite struct FoldingTests {
  @Test func foldsConstantsOfEachForm() throws {
    func constant(_ name: String, _ value: TestAttribute) throws -> HostTensor? {
      try folded(TestNode("Constant", [], ["y"], [name: value]), [])
    }
    #expect(try constant("value", .tensor(.integers("", [4, 5]))) == .integers([4, 5]))
    #expect(try constant("value_float", 1.5) == .floats([1.5], shape: []))
    #expect(try constant("value_floats", .floats([1, 2])) == .floats([1, 2]))
    #expect(try constant("value_int", 3) == .integers([3], shape: []))
    #expect(try constant("value_ints", [3, 4]) == .integers([3, 4]))
  }

  @Test func givesStaticShapesOfValues() throws {
    let x = Operand.value(0, shape: [1, 3, 5, 7])
    func shape(_ attributes: [String: TestAttribute]) throws -> HostTensor? {
      try emitted(TestNode("Shape", ["x"], ["y"], attributes), [x]).operand.constant
    }
    #expect(try shape([:]) == .integers([1, 3, 5, 7]))
    #expect(try shape(["start": 1, "end": -1]) == .integers([3, 5]))
    #expect(try shape(["start": -100, "end": 100]) == .integers([1, 3, 5, 7]))
    #expect(try shape(["start": 3, "end": 1]) == .integers([]))
    #expect(try emitted(TestNode("Size", ["x"]), [x]).operand.constant == .integers([105], shape: []))
  }

  @Test func gathers() throws {
    let matrix = HostTensor.integers([0, 1, 2, 3, 4, 5], shape: [2, 3])
    func gather(_ axis: TestAttribute, _ indices: HostTensor) throws -> HostTensor? {
      try folded(TestNode("Gather", ["d", "i"], ["y"], ["axis": axis]), [matrix, indices])
    }
    #expect(try gather(0, .integers([1], shape: [])) == .integers([3, 4, 5]))
    #expect(try gather(1, .integers([2, -3])) == .integers([2, 0, 5, 3], shape: [2, 2]))
    #expect(try gather(-1, .integers([], shape: [0])) == .integers([], shape: [2, 0]))
    let expected = Refusal(.invalidOperand, at: Place("Gather", "node"), "index 2 of axis 0, which has 2 elements")
    #expect(throws: expected) { try gather(0, .integers([2])) }
  }

  @Test func concatenates() throws {
    let a = HostTensor.integers([1, 2, 3, 4], shape: [2, 2])
    let b = HostTensor.integers([5, 6], shape: [2, 1])
    let concat = TestNode("Concat", ["a", "b"], ["y"], ["axis": 1])
    #expect(try folded(concat, [a, b]) == .integers([1, 2, 5, 3, 4, 6], shape: [2, 3]))
    #expect(try folded(concat, [a, .integers([], shape: [2, 0])]) == a)
    let mixed = Refusal(.invalidOperand, at: Place("Concat", "node"), "operands have different element types")
    #expect(throws: mixed) { try folded(concat, [a, .floats([5, 6], shape: [2, 1])]) }
    let shapes = Refusal(.invalidShape, at: Place("Concat", "node"), "operands have shapes [[2, 2], [3, 1]]")
    #expect(throws: shapes) { try folded(concat, [a, .integers([5, 6, 7], shape: [3, 1])]) }
  }

  @Test func refusesToConcatenateBeyondTheLargestAxis() {
    let half = HostTensor.integers([], shape: [0, 1 << 30])
    let expected = Refusal(
      .invalidShape, at: Place("Concat", "node"), "a constant's shape is negative, too large or has too many axes")
    #expect(throws: expected) { try folded(TestNode("Concat", ["a", "b"], ["y"], ["axis": 1]), [half, half]) }
  }

  @Test func slicesForwardsAndBackwards() throws {
    let vector = HostTensor.integers([0, 1, 2, 3, 4])
    func slice(_ start: Int64, _ end: Int64, _ step: Int64) throws -> HostTensor? {
      let operands = [vector, .integers([start]), .integers([end]), .integers([0]), .integers([step])]
      return try folded(TestNode("Slice", ["d", "s", "e", "a", "t"]), operands)
    }
    #expect(try slice(1, -1, 2) == .integers([1, 3]))
    #expect(try slice(-1, .min, -1) == .integers([4, 3, 2, 1, 0]))
    #expect(try slice(100, 0, -3) == .integers([4, 1]))
    #expect(try slice(0, .max, .max) == .integers([0]))
    #expect(try slice(4, 0, .min) == .integers([4]))
    #expect(try slice(3, 1, 1) == .integers([]))
  }

  @Test func movesElements() throws {
    let matrix = HostTensor.floats([1, 2, 3, 4, 5, 6], shape: [2, 3])
    #expect(try folded(TestNode("Transpose", ["d"]), [matrix]) == .floats([1, 4, 2, 5, 3, 6], shape: [3, 2]))
    #expect(try folded(TestNode("Reshape", ["d", "s"]), [matrix, .integers([-1, 2])]) == .floats([1, 2, 3, 4, 5, 6], shape: [3, 2]))
    #expect(try folded(TestNode("Unsqueeze", ["d", "a"]), [.integers([7], shape: []), .integers([0])]) == .integers([7]))
    #expect(try folded(TestNode("Squeeze", ["d"]), [.integers([7], shape: [1, 1])]) == .integers([7], shape: []))
    #expect(
      try folded(TestNode("Expand", ["d", "s"]), [.integers([1, 2], shape: [2, 1]), .integers([2])])
        == .integers([1, 1, 2, 2], shape: [2, 2]))
  }

  @Test func fillsShapes() throws {
    #expect(try folded(TestNode("ConstantOfShape", ["s"]), [.integers([2, 1])]) == .floats([0, 0], shape: [2, 1]))
    let node = TestNode("ConstantOfShape", ["s"], ["y"], ["value": .tensor(.integers("", [9]))])
    #expect(try folded(node, [.integers([3])]) == .integers([9, 9, 9]))
    #expect(try folded(node, [.integers([0])]) == .integers([]))
    #expect(try folded(node, [.integers([])]) == .integers([9], shape: []))
  }

  @Test(arguments: [
    (Int64(0), Int64(3), Int64(1), [Int64(0), 1, 2]), (1, 8, 3, [1, 4, 7]), (5, 0, -2, [5, 3, 1]), (0, 0, 1, []), (3, 0, 1, []),
    (0, 3, -1, []), (0, -1, 2, []), (0, 1, -2, []), (0, 1, 2, [0]), (0, -1, -2, [0]),
  ])
  func countsRanges(start: Int64, limit: Int64, delta: Int64, expected: [Int64]) throws {
    let bounds = [start, limit, delta].map { HostTensor.integers([$0], shape: []) }
    #expect(try folded(TestNode("Range", ["s", "l", "d"]), bounds) == .integers(expected))
  }

  @Test func countsRangesOfFloats() throws {
    func range(_ bounds: [Float]) throws -> HostTensor? {
      try folded(TestNode("Range", ["s", "l", "d"]), bounds.map { .floats([$0], shape: []) })
    }
    #expect(try range([1, 5, 2]) == .floats([1, 3]))
    #expect(try range([1, 0, -0.5]) == .floats([1, 0.5]))
    #expect(try range([1, 0, 2]) == .floats([]))
    #expect(throws: Refusal(.invalidOperand, at: Place("Range", "node"), "range 0.0 to 1.0 by 0.0")) { try range([0, 1, 0]) }
    let mixed = Refusal(
      .invalidOperand, at: Place("Range", "node"), #"operands hold ["integers", "floats", "floats"], expected numbers of one type"#)
    #expect(throws: mixed) {
      try folded(TestNode("Range", ["s", "l", "d"]), [.integers([0], shape: []), .floats([1], shape: []), .floats([1], shape: [])])
    }
  }

  @Test func refusesRangesWithoutEnd() {
    func range(_ bounds: [Int64]) throws -> HostTensor? {
      try folded(TestNode("Range", ["s", "l", "d"]), bounds.map { .integers([$0], shape: []) })
    }
    let expected = Refusal(.invalidOperand, at: Place("Range", "node"), "range 0 to 3 by 0")
    #expect(throws: expected) { try range([0, 3, 0]) }
    #expect(throws: Refusal.self) { try range([.min, .max, -1]) }
  }

  @Test func refusesConstantsTooLargeToCompute() {
    let large = Refusal(
      .tooLarge, at: Place("ConstantOfShape", "node"), "a constant of shape [1001] exceeds the 1000 elements left for folding",
      remedy: "simplify the model so that constants are folded, or raise the limit with --fold-limit")
    #expect(throws: large) { try folded(TestNode("ConstantOfShape", ["s"]), [.integers([1001])]) }
    let overflowing = Refusal(
      .invalidShape, at: Place("ConstantOfShape", "node"), "a constant's shape is negative, too large or has too many axes")
    #expect(throws: overflowing) { try folded(TestNode("ConstantOfShape", ["s"]), [.integers([1 << 62, 4])]) }
    #expect(throws: overflowing) { try folded(TestNode("ConstantOfShape", ["s"]), [.integers([-1])]) }
  }
}

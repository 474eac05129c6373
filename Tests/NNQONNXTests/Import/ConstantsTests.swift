import Testing

@testable import NNQONNX

@Suite struct ConstantsTests {
  /// What a model of one node on initializers gives.
  private func computed(_ node: TestNode, _ initializers: [TestTensor], limit: Int? = nil) throws -> HostTensor? {
    var model = TestModel(nodes: [node], initializers: initializers, outputs: [node.outputs[0]])
    model.opsets = [("", 18)]
    let options = ImportOptions(maximumFoldedElementCount: limit)
    let output = try ONNXImporter.importStated(bytes: model.bytes, options: options).outputs[0]
    guard case .constant(let tensor) = output else { return nil }
    return tensor
  }

  private let row = TestTensor.integers("x", [1, 5, 3, 4], dims: [1, 1, 4])
  private let pool = TestNode("MaxPool", ["x"], ["y"], ["kernel_shape": [2]])

  @Test func computesInTheTypeOfTheOperand() throws {
    #expect(try computed(pool, [row]) == .integers([5, 5, 4], shape: [1, 1, 3]))
    #expect(try computed(pool, [.floats("x", [1, 1, 2], [1.5, 0.5])]) == .floats([1.5], shape: [1, 1, 1]))
    let any = TestNode("ReduceMax", ["x", "axes"])
    let truths = TestTensor.booleans("x", [2, 2], [false, true, false, false])
    #expect(try computed(any, [truths, .integers("axes", [1])]) == .booleans([true, false], shape: [2, 1]))
  }

  @Test func leavesOtherOperandsConstant() throws {
    let pad = TestNode("Pad", ["x", "pads", "value"])
    let operands: [TestTensor] = [row, .integers("pads", [0, 0, 0, 0, 0, 1]), .integers("value", [-7], dims: [])]
    #expect(try computed(pad, operands) == .integers([1, 5, 3, 4, -7], shape: [1, 1, 5]))
    let clip = TestNode("Clip", ["x", "", "max"])
    #expect(try computed(clip, [row, .integers("max", [3], dims: [])]) == .integers([1, 3, 3, 3], shape: [1, 1, 4]))
  }

  @Test func roundsIntegersTowardZero() throws {
    let pow = TestNode("Pow", ["x", "exponents"])
    let exponents = TestTensor.floats("exponents", [4], [2, 0.5, 1, -1])
    #expect(try computed(pow, [row, exponents]) == .integers([1, 2, 3, 0], shape: [1, 1, 4]))
    let mean = TestNode("ReduceMean", ["x"], ["y"], ["keepdims": 0])
    #expect(try computed(mean, [.integers("x", [-1, -2])]) == .integers([-1], shape: []))
  }

  @Test func refusesIntegersThatFloatsRound() {
    let large = TestTensor.integers("x", [1 << 24, 0], dims: [1, 1, 2])
    let expected = Refusal(
      .tooLarge, at: Place("MaxPool", "node"), "operand 0 holds 16777216, integers are computed below 16777216 alone",
      remedy: "simplify the model so that constants are folded")
    #expect(throws: ImportError.refused([expected])) { try computed(pool, [large]) }
    let result = Refusal(
      .tooLarge, at: Place("Pow", "node"), "its result holds 1.0995116e+12, integers are computed below 16777216 alone",
      remedy: "simplify the model so that constants are folded")
    #expect(throws: ImportError.refused([result])) {
      try computed(TestNode("Pow", ["x", "e"]), [.integers("x", [1 << 20]), .floats("e", [1], [2])])
    }
  }

  @Test func accountsForWhatItComputes() throws {
    #expect(try computed(pool, [row], limit: 3) != nil)
    let expected = Refusal(
      .tooLarge, at: Place("MaxPool", "node"), "a constant of shape [1, 1, 3] exceeds the 2 elements left for folding",
      remedy: "simplify the model so that constants are folded, or raise the limit with --fold-limit")
    #expect(throws: ImportError.refused([expected])) { try computed(pool, [row], limit: 2) }
  }

  @Test func refusesWhatTheRuleRefuses() {
    let expected = Refusal(.invalidOperand, at: Place("Pad", "node"), "2 pads for 3 axes")
    #expect(throws: ImportError.refused([expected])) {
      try computed(TestNode("Pad", ["x", "pads"]), [row, .integers("pads", [0, 1])])
    }
  }

  @Test func needsAllOperandsConstant() {
    let expected = Refusal(
      .unsupportedOperand, at: Place("Conv", "node"), "operand 0 is a constant, and others are computed by the net",
      remedy: "simplify the model so that constants are folded")
    var model = TestModel(nodes: [TestNode("Conv", ["c", "x"])], inputs: [TestInput("x", [1, 1, 1, 1])], outputs: ["y"])
    model.initializers = [.counting("c", [1, 1, 2, 2])]
    #expect(throws: ImportError.refused([expected.withConstantOperand(0)])) { try model.imported() }
  }
}

extension Refusal {
  fileprivate func withConstantOperand(_ index: Int) -> Refusal {
    var refusal = self
    refusal.constantOperand = index
    return refusal
  }
}

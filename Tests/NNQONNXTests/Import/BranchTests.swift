import NNQFloat
import Testing

@testable import NNQONNX

/// If with a condition that is known while the net is imported.
@Suite struct BranchTests {
  private func branch(_ nodes: [TestNode], _ initializers: [TestTensor] = [], outputs: [String] = ["out"]) -> TestAttribute {
    .graph(TestModel(nodes: nodes, initializers: initializers, outputs: outputs).graphBytes)
  }

  private func model(_ nodes: [TestNode], _ initializers: [TestTensor] = [], outputs: [String] = ["y"]) -> TestModel {
    TestModel(nodes: nodes, initializers: initializers, inputs: [TestInput("x", [1, 2])], outputs: outputs)
  }

  private func condition(_ value: Bool) -> TestTensor {
    TestTensor(name: "condition", dims: [], dataType: 9, raw: [value ? 1 : 0])
  }

  @Test(arguments: [(true, FloatUnary.relu), (false, .sigmoid)])
  func takesTheBranchOfTheCondition(value: Bool, function: FloatUnary) throws {
    let node = TestNode(
      "If", ["condition"], ["y"],
      ["then_branch": branch([TestNode("Relu", ["x"], ["out"])]), "else_branch": branch([TestNode("Sigmoid", ["x"], ["out"])])])
    #expect(try model([node], [condition(value)]).imported().graph.operations == [.unary(function)])
  }

  @Test func givesSeveralOutputsConstantsAndOuterNames() throws {
    let nodes = [
      TestNode("Relu", ["x"], ["outer"]),
      TestNode(
        "If", ["condition"], ["y", "shape"],
        ["then_branch": branch([TestNode("Relu", ["outer"], ["out"])], [.integers("c", [2, 1])], outputs: ["out", "c"])]),
      TestNode("Reshape", ["y", "shape"], ["z"]),
    ]
    #expect(try model(nodes, [condition(true)], outputs: ["z"]).imported().graph.outputShapes == [[2, 1]])
  }

  /// Two branches may use one name for different things.
  @Test func keepsNamesOfBranchesApart() throws {
    func node(_ input: String, _ output: String, _ values: [Float]) -> TestNode {
      let add = branch([TestNode("Add", [input, "c"], ["out"])], [.floats("c", [2], values)])
      return TestNode("If", ["condition"], [output], ["then_branch": add])
    }
    let graph = try model([node("x", "a", [1, 2]), node("a", "y", [3, 4])], [condition(true)]).imported().graph
    #expect(graph.values.compactMap(\.constant) == [[1, 2], [3, 4]])
    #expect(Set(graph.values.map(\.name)).count == graph.values.count)
    #expect(try FloatExecutor(graph).run(inputs: [[0, 0]]) == [[4, 6]])
  }

  /// What no branch could do is said along with what keeps the condition from being known.
  @Test func namesOperatorsOfBranchesUnderARefusedCondition() throws {
    let branch = branch([TestNode("LSTM", ["x"], ["out"], name: "lstm")])
    let nodes = [
      TestNode("Loop", ["x"], ["unknown"], name: "loop"), TestNode("If", ["unknown"], ["y"], ["then_branch": branch], name: "if"),
    ]
    let expected = [Place("Loop", "loop"), Place("LSTM", "lstm")].map { Refusal.unsupportedOperator(at: $0) }
    #expect(throws: ImportError.refused(expected)) { try model(nodes).imported() }
  }

  @Test func refusesConditionTheNetComputes() throws {
    let node = TestNode("If", ["x"], ["y"], ["then_branch": branch([TestNode("Relu", ["x"], ["out"])])], name: "if")
    let expected = Refusal(
      .unsupportedOperand, at: Place("If", "if"), "its condition is computed by the net, only a constant one is supported",
      remedy: "export the branch that is wanted, or fix the input that decides")
    #expect(throws: ImportError.refused([expected])) { try model([node]).imported() }
    let number = Refusal(.invalidOperand, at: Place("If", "if"), "its condition holds 2 integers, expected one boolean")
    var constant = node
    constant.inputs = ["n"]
    #expect(throws: ImportError.refused([number])) { try model([constant], [.integers("n", [1, 0])]).imported() }
  }

  @Test func refusesMissingAndNestedTooDeep() throws {
    let missing = Refusal(.invalidAttribute, at: Place("If", "if", attribute: "then_branch"), "it is missing")
    let node = TestNode("If", ["condition"], ["y"], name: "if")
    #expect(throws: ImportError.refused([missing])) { try model([node], [condition(true)]).imported() }
    var nested = TestNode("Relu", ["x"], ["out"])
    for depth in 0..<40 { nested = TestNode("If", ["condition"], ["out"], ["then_branch": branch([nested])], name: "if\(depth)") }
    let deep = Refusal(.tooLarge, at: Place("If", "if7"), "sub-graphs are nested more than 32 deep")
    #expect(throws: ImportError.refused([deep])) { try model([nested], [condition(true)], outputs: ["out"]).imported() }
  }

  @Test func countsTheNodesOfBranches() throws {
    let inner = branch((0..<ONNXImporter.maximumNodeCount).map { TestNode("Identity", ["x"], [$0 == 0 ? "out" : "v\($0)"]) })
    let node = TestNode("If", ["condition"], ["y"], ["then_branch": inner], name: "if")
    let most = ONNXImporter.maximumNodeCount
    let expected = Refusal(
      .tooLarge, at: Place("If", "if", attribute: "then_branch"), "with it there are \(most + 1) nodes, supported are \(most)")
    #expect(throws: ImportError.refused([expected])) { try model([node], [condition(true)]).imported() }
  }
}

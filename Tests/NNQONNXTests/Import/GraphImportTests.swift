import NNQFloat
import Testing

@testable import NNQONNX

@Suite struct GraphImportTests {
  private func refused(_ model: TestModel) throws -> [Refusal] {
    do throws(ImportError) {
      _ = try model.imported()
      return []
    } catch {
      guard case .refused(let refusals) = error else { throw error }
      return refusals
    }
  }

  private func model(_ nodes: [TestNode], _ initializers: [TestTensor] = [], outputs: [String] = ["y"]) -> TestModel {
    TestModel(nodes: nodes, initializers: initializers, inputs: [TestInput("x", [1, 2])], outputs: outputs)
  }

  @Test func findsEverythingThatIsRefusedAtOnce() throws {
    let nodes = [
      TestNode("Unique", ["x"], ["a"], name: "n1"),
      TestNode("Relu", ["a"], ["b"], name: "depends on n1"),
      TestNode("FusedConv", ["x"], ["c"], name: "n2", domain: "com.microsoft"),
      TestNode("Relu", ["x"], ["d"], ["alpha": 1.0], name: "n3"),
      TestNode("Add", ["b", "missing"], ["y"], name: "n4"),
    ]
    let expected = [
      .unsupportedOperator(at: Place("Unique", "n1")),
      Refusal(
        .unsupportedDomain, at: Place("FusedConv", "n2"), "operators of the domain 'com.microsoft' are not supported",
        remedy: "export the net with operators of ONNX alone, without those that an optimizer has fused"),
      Refusal(
        .unsupportedAttribute, at: Place("Relu", "n3", attribute: "alpha"), "the attribute is not supported",
        remedy: "export the net without it"),
      Refusal(.undefinedName, at: Place("Add", "n4"), "'missing' is not defined"),
    ]
    let error = ImportError.refused(expected)
    #expect(throws: error) { try model(nodes).imported() }
    #expect(
      error.description.hasPrefix(
        "Unique 'n1': the operator is not supported; write it with supported operators, or end the net before it and compute it outside"
          + " | FusedConv 'n2': "))
    #expect(error.description.hasSuffix(" | Add 'n4': 'missing' is not defined"))
  }

  @Test(arguments: [
    ("Unique", "the operator is not supported"), ("QLinearConv", "the net is quantised already"),
    ("DequantizeLinear", "the net is quantised already"), ("LSTM", "nets that loop over time are not supported"),
  ])
  func refusesOtherOperatorsByName(opType: String, reason: String) throws {
    let refused = try refused(model([TestNode(opType, ["x"], name: "n")]))
    #expect(refused.map(\.code) == [.unsupportedOperator])
    #expect(refused.map(\.place) == [Place(opType, "n")])
    #expect(refused.map(\.reason) == [reason])
    #expect(refused.allSatisfy { $0.remedy != nil })
  }

  @Test func refusesGraphWithoutInputsOrOutputs() throws {
    let missing = ["it has no inputs", "it has no outputs"].map { Refusal(.missingPort, at: Place("model"), $0) }
    #expect(try refused(TestModel()) == missing)
    #expect(try refused(TestModel(inputs: [TestInput("x", [1, 2])])) == [missing[1]])
  }

  @Test func knowsNamelessNodeByItsOutput() throws {
    #expect(try refused(model([TestNode("Unique", ["x"], name: "")])) == [.unsupportedOperator(at: Place("Unique", "y"))])
  }

  @Test func refusesNodesOutOfOrderAndCycles() throws {
    let late = Refusal(.undefinedName, at: Place("Relu", "n1"), "'b' is defined by this or a later node")
    let swapped = [TestNode("Relu", ["b"], ["y"], name: "n1"), TestNode("Relu", ["x"], ["b"], name: "n2")]
    #expect(try refused(model(swapped)) == [late])
    let cycle = [TestNode("Relu", ["b"], ["y"], name: "n1"), TestNode("Relu", ["y"], ["b"], name: "n2")]
    #expect(try refused(model(cycle)) == [late])
  }

  @Test func refusesDuplicateDefinitions() throws {
    func duplicate(_ place: Place, _ name: String) -> Refusal {
      Refusal(.duplicateName, at: place, "'\(name)' is already defined")
    }
    let twice = [TestNode("Relu", ["x"], name: "n1"), TestNode("Relu", ["x"], name: "n2")]
    #expect(try refused(model(twice)) == [duplicate(Place("Relu", "n2"), "y")])
    let redefinesInput = model([TestNode("Relu", ["x"], ["x"], name: "n1")], outputs: ["x"])
    #expect(try refused(redefinesInput) == [duplicate(Place("Relu", "n1"), "x")])
    let constants = model([TestNode("Add", ["x", "c"])], [.counting("c", [2]), .counting("c", [2])])
    #expect(try refused(constants) == [duplicate(Place("initializer", "c"), "c")])
  }

  @Test func takesInitializerAmongInputsAsConstant() throws {
    var model = model([TestNode("Add", ["x", "c"])], [.counting("c", [2])])
    model.inputs.append(TestInput("c", [2]))
    let graph = try model.imported().graph
    #expect(graph.inputs.map { graph.values[$0].name } == ["x"])
    #expect(graph.constant("c") == [0, 1])
  }

  @Test func refusesSparseInitializers() throws {
    var model = model([TestNode("Add", ["x", "c"])])
    model.sparseInitializers = [.counting("c", [2])]
    let expected = Refusal(
      .sparseInitializer, at: Place("initializer", "c"), "sparse tensors are not supported", remedy: "store it as a dense tensor")
    #expect(try refused(model) == [expected])
  }

  @Test func givesThePartThatIsSupported() throws {
    let nodes = [
      TestNode("Relu", ["x"], ["a"]), TestNode("Unique", ["a"], ["b"]), TestNode("Relu", ["b"], ["y"]), TestNode("Tanh", ["a"], ["t"]),
    ]
    let part = try #require(ONNXImporter.importPart(bytes: model(nodes).bytes))
    #expect(part.operations == [.unary(.relu), .unary(.tanh)])
    #expect(part.outputs.map { part.values[$0].name } == ["t"])
    #expect(ONNXImporter.importPart(bytes: model([TestNode("Unique", ["x"])]).bytes) == nil)
    #expect(ONNXImporter.importPart(bytes: model([TestNode("Relu", ["x"])]).bytes) == nil, "nothing is refused")
  }

  @Test func namesWhatIsFolded() throws {
    let nodes = [
      TestNode("Shape", ["x"], ["s"], name: "shape"), TestNode("Relu", ["x"], ["r"]), TestNode("Reshape", ["r", "s"], ["y"]),
    ]
    #expect(try model(nodes).imported().folded == [Place("Shape", "shape")])
  }

  @Test func refusesUseOfFurtherOutputs() throws {
    let pool = TestNode("MaxPool", ["x"], ["y", "indices"], ["kernel_shape": [1]], name: "pool")
    var model = TestModel(nodes: [pool], inputs: [TestInput("x", [1, 1, 2])], outputs: ["y"])
    #expect(try model.imported().graph.outputShapes == [[1, 1, 2]])
    model.outputs = ["y", "indices"]
    let expected = Refusal(
      .unsupportedOperand, at: Place("MaxPool", "pool"), "its output 'indices' is used, only the first output is supported")
    #expect(try refused(model) == [expected])
  }

  @Test func foldsTheMaskOfDropout() throws {
    let dropout = TestNode("Dropout", ["x"], ["y", "mask"])
    let stated = try ONNXImporter.importStated(bytes: model([dropout], outputs: ["mask"]).bytes, options: ImportOptions())
    guard case .constant(let mask) = stated.outputs[0] else {
      Issue.record("\(stated.outputs)")
      return
    }
    #expect(mask == .booleans([true, true], shape: [1, 2]))
  }

  @Test func refusesConstantOutput() throws {
    let expected = Refusal(.unsupportedOperand, at: Place("output", "y"), "it is a constant, not computed from the inputs")
    #expect(try refused(model([TestNode("Shape", ["x"])])) == [expected])
  }

  @Test func givesOutputsTheirNamesBehindAliases() throws {
    let nodes = [TestNode("Relu", ["x"], ["a"]), TestNode("Identity", ["a"], ["y"]), TestNode("Identity", ["a"], ["z"])]
    let graph = try model(nodes, outputs: ["y", "z"]).imported().graph
    #expect(graph.outputs.map { graph.values[$0].name } == ["y", "z"])
    #expect(graph.operations == [.unary(.relu), .reshape])
    let direct = try model([TestNode("Identity", ["x"])]).imported().graph
    #expect(direct.inputs.map { direct.values[$0].name } == ["x"])
    #expect(direct.outputs.map { direct.values[$0].name } == ["y"])
  }

  @Test func leavesOutWhatOnlyShapesNeeded() throws {
    let nodes = [
      TestNode("Relu", ["x"], ["r"]), TestNode("Shape", ["r"], ["s"]), TestNode("Reshape", ["x", "s"], ["y"]),
    ]
    #expect(try model(nodes).imported().graph.operations == [.reshape])
  }

  @Test func sharesConstantsBetweenNodes() throws {
    let nodes = [TestNode("Add", ["x", "c"], ["a"]), TestNode("Mul", ["a", "c"], ["y"])]
    let graph = try model(nodes, [.counting("c", [2])]).imported().graph
    #expect(graph.values.filter { $0.constant != nil }.count == 1)
  }

  @Test func limitsComputedConstants() throws {
    let nodes = [
      TestNode("Expand", ["c", "shape"], ["big"], name: "e1"), TestNode("Expand", ["c", "shape"], ["big2"], name: "e2"),
      TestNode("Add", ["x", "big"], ["y"]),
    ]
    let model = model(nodes, [.counting("c", [1]), .integers("shape", [60, 2])])
    let expected = Refusal(
      .tooLarge, at: Place("Expand", "e2"), "a constant of shape [60, 2] exceeds the 80 elements left for folding",
      remedy: "simplify the model so that constants are folded, or raise the limit with --fold-limit")
    #expect(throws: ImportError.refused([expected])) { try model.imported(ImportOptions(maximumFoldedElementCount: 200)) }
  }

  @Test func limitsComputedConstantsByTheSizeOfTheFile() throws {
    let nodes = [TestNode("ConstantOfShape", ["shape"], ["big"], name: "fill"), TestNode("Add", ["x", "big"], ["y"])]
    let model = model(nodes, [.integers("shape", [1 << 23])])
    let expected = Refusal(
      .tooLarge, at: Place("ConstantOfShape", "fill"),
      "a constant of shape [8388608] exceeds the \((1 << 22) + model.bytes.count) elements left for folding",
      remedy: "simplify the model so that constants are folded, or raise the limit with --fold-limit")
    #expect(try refused(model) == [expected])
  }

  @Test func refusesMoreNodesThanAnyNetHas() throws {
    func chain(_ count: Int) -> TestModel {
      model((0..<count).map { TestNode("Identity", [$0 == 0 ? "x" : "v\($0 - 1)"], ["v\($0)"]) }, outputs: ["v0"])
    }
    let most = ONNXImporter.maximumNodeCount
    #expect(try refused(chain(most)) == [])
    let last = TestNode("Identity", ["v\(most - 1)"], ["v\(most)"]).bytes
    let bytes = chain(most + 1).bytes
    let offset = try #require(bytes.indices.last { bytes[$0...].starts(with: [10, UInt8(last.count)] + last) })
    #expect(throws: ImportError.malformed(.tooMany(field: 1, limit: most), byteOffset: offset)) { try chain(most + 1).imported() }
  }

  /// The message of the node, and of the constant, not the field that holds it.
  @Test func saysAtWhichByteOfTheFile() throws {
    let model = model([TestNode("Relu", ["w"], ["y"], ["alpha": 1.0])], [.floats("w", [3], [1, 2])], outputs: ["nothing"])
    let refusals = try refused(model)
    #expect(refusals.map(\.place.name) == ["w", "node", "nothing"])
    let parts = [model.initializers[0].bytes, model.nodes[0].bytes, [10, 7] + Array("nothing".utf8)]
    for (refusal, part) in zip(refusals, parts) {
      let offset = try #require(refusal.place.byteOffset)
      #expect(model.bytes[offset...].starts(with: part))
      #expect(refusal.description.contains(" (byte \(offset))"))
    }
  }
}

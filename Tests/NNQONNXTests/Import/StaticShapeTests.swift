import Testing

@testable import NNQONNX

@Suite struct StaticShapeTests {
  private let place = Place("input", "x")

  private func shape(_ input: TestInput, _ requested: [Int]? = nil) throws -> [Int] {
    try ValueInfoProto(WireReader(input.bytes)).staticShape(requested)
  }

  @Test func takesSymbolicBatchAsOne() throws {
    #expect(try shape(TestInput("x", [.symbolic("N"), .fixed(3)])) == [1, 3])
    #expect(try shape(TestInput("x", [.fixed(-1), .fixed(3)])) == [1, 3])
    #expect(try shape(TestInput("x", [1, 3])) == [1, 3])
  }

  @Test func takesOpenAxesFromTheCaller() throws {
    let input = TestInput("x", [.symbolic("N"), .fixed(3), .symbolic("height"), .fixed(0)])
    #expect(try shape(input, [1, 3, 48, 192]) == [1, 3, 48, 192])
    #expect(try shape(TestInput("x", nil), [1, 640]) == [1, 640])
  }

  @Test func namesTheOpenAxisAndTheFlag() {
    let input = TestInput("x", [.symbolic("N"), .fixed(3), .symbolic("height"), .symbolic("")])
    let expected = Refusal(
      .symbolicAxis, at: place, "axis 2 'height' is not fixed", remedy: "give the shape with --input-shape x=1,3,?,?")
    #expect(throws: expected) { try shape(input) }
    let unknown = Refusal(
      .symbolicAxis, at: place, "the model does not state its shape", remedy: "give it with --input-shape x=1,...")
    #expect(throws: unknown) { try shape(TestInput("x", nil)) }
  }

  @Test func refusesShapeThatContradictsTheModel() {
    let fixed = TestInput("x", [.symbolic("N"), .fixed(3)])
    let axis = Refusal(.invalidOption, at: place, "axis 1 is given as 4, the model fixes it at 3")
    #expect(throws: axis) { try shape(fixed, [1, 4]) }
    let rank = Refusal(.invalidOption, at: place, "shape [1, 3, 1] is given for an input with 2 axes")
    #expect(throws: rank) { try shape(fixed, [1, 3, 1]) }
    let batch = Refusal(.invalidOption, at: place, "batch 8 is given, a model is converted for batch 1 and runs with any")
    #expect(throws: batch) { try shape(fixed, [8, 3]) }
  }

  @Test func keepsBatchThatTheModelFixes() throws {
    #expect(try shape(TestInput("x", [8, 3])) == [8, 3])
    #expect(try shape(TestInput("x", [8, 3]), [1, 3]) == [8, 3])
    let scalar = Refusal(.batchAxis, at: place, "it is a scalar, without a batch axis")
    #expect(throws: scalar) { try shape(TestInput("x", [Int]())) }
  }

  @Test func takesEveryAxisFromTheCallerWhereTheBatchIsKept() throws {
    let input = try ValueInfoProto(WireReader(TestInput("x", [.symbolic("N"), .fixed(3)]).bytes))
    #expect(try input.staticShape([5, 3], keepsBatch: true) == [5, 3])
    #expect(try input.staticShape(nil, keepsBatch: true) == [1, 3])
    #expect(try ValueInfoProto(WireReader(TestInput("x", [Int]()).bytes)).staticShape(nil, keepsBatch: true) == [])
  }

  @Test(arguments: [TensorProto.DataType.float16, .float64, .bfloat16])
  func takesOtherFloatsAsFloats(type: TensorProto.DataType) throws {
    #expect(try shape(TestInput("x", [.fixed(1)], elementType: type.rawValue)) == [1])
  }

  @Test func refusesOtherElementTypes() {
    let expected = Refusal(.unsupportedType, at: place, "element type 8 of ONNX is not supported")
    #expect(throws: expected) { try shape(TestInput("x", [.fixed(1)], elementType: 8)) }
  }

  @Test func refusesShapeOfUnknownInput() {
    let model = TestModel(nodes: [TestNode("Relu", ["x"])], inputs: [TestInput("x", [1, 2])], outputs: ["y"])
    let expected = Refusal(.invalidOption, at: Place("input", "z"), "the model has no such input, only 'x'")
    #expect(throws: ImportError.refused([expected])) { try model.imported(ImportOptions(inputShapes: ["z": [1, 2]])) }
  }

  @Test func refusesShapeTooLarge() {
    let model = TestModel(nodes: [TestNode("Relu", ["x"])], inputs: [TestInput("x", [1, 1 << 40])], outputs: ["y"])
    let expected = Refusal(.invalidShape, at: place, "shape [1, 1099511627776] is empty or larger than 2^31-1 bytes")
    #expect(throws: ImportError.refused([expected])) { try model.imported() }
  }
}

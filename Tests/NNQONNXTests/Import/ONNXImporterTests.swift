import Testing

@testable import NNQONNX

@Suite struct ONNXImporterTests {
  private var model: TestModel {
    TestModel(nodes: [TestNode("Relu", ["x"])], inputs: [TestInput("x", [1, 2])], outputs: ["y"])
  }

  private func refusesOpset(_ found: String) -> ImportError {
    .refused([
      Refusal(.unsupportedOpset, at: Place("model"), "\(found), supported are 1 to 22", remedy: "convert the model to one of them")
    ])
  }

  @Test(arguments: [1, 7, 13, 22] as [Int64])
  func takesSupportedOpsets(version: Int64) throws {
    var model = model
    model.opsets = [("ai.onnx.ml", 2), ("", version)]
    #expect(try model.imported().opset == Int(version))
  }

  @Test(arguments: [0, 23, -1, .max] as [Int64])
  func refusesOtherOpsets(version: Int64) {
    var model = model
    model.opsets = [("", version)]
    #expect(throws: refusesOpset("operator set \(version)")) { try model.imported() }
  }

  @Test func refusesNoneOrTwoOpsets() {
    var model = model
    model.opsets = [("com.microsoft", 1)]
    #expect(throws: refusesOpset("no operator set")) { try model.imported() }
    model.opsets = [("", 13), ("ai.onnx", 14)]
    #expect(throws: refusesOpset("operator set 13 and 14")) { try model.imported() }
  }

  @Test func refusesFunctions() {
    var model = model
    model.functions = ["Swish"]
    let expected = Refusal(
      .unsupportedFunction, at: Place("model"), "it defines the function 'Swish'", remedy: "export the model with functions inlined")
    #expect(throws: ImportError.refused([expected])) { try model.imported() }
  }
}

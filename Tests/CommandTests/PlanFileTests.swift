import Foundation
import NNQFloat
import TestSupport
import Testing

/// `nnconv --write-plan` and `--plan`.
@Suite struct PlanFileTests {
  let nnconv = Command(tool: "nnconv")
  let folder: TemporaryFolder
  let floatNet: String
  let samples: String

  init() throws {
    folder = try TemporaryFolder()
    floatNet = try DenseNet.write([1, 0.5, -1, 0.2, 0.1, -0.5, 0.25, 1], to: folder)
    samples = DenseNet.writeSamples(to: folder)
  }

  private func convert(_ output: String, _ arguments: String...) throws -> Command.Result {
    try nnconv.run(list: arguments + ["--calib", samples, "--quiet", floatNet, folder.path + "/" + output])
  }

  private func write(_ plan: String) -> String { folder.write("plan.json", Array(plan.utf8)) }

  @Test func writesAPlanThatCanBeEditedAndGivenBack() throws {
    let plan = folder.path + "/written.json"
    #expect(try convert("a.nnq", "--bits=5", "--write-plan", plan).exitCode == 0)
    let text = try String(contentsOfFile: plan, encoding: .utf8)
    #expect(
      text == """
        {
          "schema": 1,
          "layers": [
            {
              "name": "y",
              "bits": 5,
              "share": 0.0,
              "calibrator": "mse",
              "output": "s16",
              "excluded": false
            }
          ]
        }

        """)
    let edited = write(text.replacingOccurrences(of: "\"bits\": 5", with: "\"bits\": 3").replacingOccurrences(of: "s16", with: "u8"))
    let second = try convert("b.nnq", "--bits=5", "--plan", edited)
    #expect(second.errors == "")
    #expect(second.output.contains("3 bits"))
    let info = try Command(tool: "nnrun").run("--info", folder.path + "/b.nnq").output
    #expect(info.contains("\nplan.sha256: "))
    #expect(info.contains("\noutput  y  u8  "))
  }

  @Test(arguments: [
    ("{", "line 1, column 2: not JSON, expected a name in quotation marks"),
    ("[]", "plan: got [], expected an object"),
    ("{\"schema\": 2, \"layers\": []}", "schema: got 2, expected 1"),
    ("{\"schema\": 1}", "layers: got none, expected an array"),
    ("{\"schema\": 1, \"layers\": [{}]}", "layer 1, name: got none, expected the name of a layer"),
    (
      "{\"schema\": 1, \"layers\": [{\"name\": \"y\", \"bit\": 1}]}",
      "layer 1: got the key \"bit\", expected one of name, bits, share, calibrator, output, excluded"
    ),
    ("{\"schema\": 1, \"layers\": [{\"name\": \"y\", \"bits\": \"4\"}]}", "layer 'y', bits: got \"4\", expected a whole number 1...8"),
    ("{\"schema\": 1, \"layers\": [{\"name\": \"y\", \"bits\": 9}]}", "layer 'y', bits: got 9; expected 1...8"),
    ("{\"schema\": 1, \"layers\": [{\"name\": \"y\", \"output\": \"u4\"}]}", "layer 'y', output: got \"u4\", expected one of u8, s16"),
    ("{\"schema\": 1, \"layers\": [{\"name\": \"y\", \"excluded\": 1}]}", "layer 'y', excluded: got 1, expected true or false"),
    (
      "{\"schema\": 1, \"layers\": [{\"name\": \"z\"}]}",
      "layer 'z', name: got a layer that the net has not; expected one that --write-plan writes"
    ),
  ])
  func saysWhatIsWrongWithAPlan(text: String, message: String) throws {
    let path = write(text)
    let result = try convert("none.nnq", "--plan", path)
    #expect(result.exitCode == 65)
    #expect(result.errors == "nnconv: error: \(path): \(message)\n")
  }

  @Test func thePlanIsNotToReplaceTheNet() throws {
    let result = try convert("none.nnq", "--force", "--write-plan", floatNet)
    #expect(result.exitCode == 64)
    #expect(result.errors.hasPrefix("nnconv: error: --write-plan: got \(floatNet), which is the net to convert"))
  }
}

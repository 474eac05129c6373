import Foundation
import NNQFloat
import NNQFormat
import NNQInput
import TestSupport
import Testing

@Suite struct NNConvTests {
  let nnconv = Command(tool: "nnconv")
  let folder: TemporaryFolder
  let floatNet: String

  /// y = x * weights^T, for x in 0...1: a float model as `--bits 32` writes it.
  init() throws {
    folder = try TemporaryFolder()
    floatNet = folder.path + "/float.nnq"
    let graph = FloatGraph(
      values: [
        FloatValue(name: "x", shape: [1, 4]), FloatValue(name: "w", shape: [2, 4], constant: [1, 0.5, -1, 0, 0, -0.5, 0.25, 1]),
        FloatValue(name: "y", shape: [1, 2]),
      ],
      nodes: [FloatNode(name: "y", .dense, inputs: [0, 1], outputs: [2])], inputs: [0], outputs: [2])
    try graph.modelFile().write(to: floatNet)
  }

  var samples: String {
    let values = (0..<64).map { Float($0 * 37 % 64) / 63 }
    return folder.write("calib.npy", npyBytes(InputArray(shape: [16, 4], values: .float32(values))))
  }

  @Test func makesAModelThatRunsFromAFloatModel() throws {
    let output = folder.path + "/int8.nnq"
    let converted = try nnconv.run("--bits", "8", "--calib", samples, "--quiet", floatNet, output)
    #expect(converted.exitCode == 0)
    #expect(converted.errors == "")
    let input = folder.write("x.npy", npyBytes(InputArray(shape: [4], values: .float32([1, 1, 0, 0]))))
    // The net says 1.5 and -0.5.
    let run = try Command(tool: "nnrun").run(output, input, "--top-k=1")
    #expect(run.exitCode == 0)
    #expect(run.output.contains("  0  1."))
    #expect(try Command(tool: "nnrun").run("--verify", output).exitCode == 0)
  }

  @Test func givesTheSameFileTwice() throws {
    let (first, second) = (folder.path + "/a.nnq", folder.path + "/b.nnq")
    #expect(try nnconv.run("--calib", samples, "--threads=1", "--quiet", floatNet, first).exitCode == 0)
    #expect(try nnconv.run("--calib", samples, "--threads=2", "--quiet", floatNet, second).exitCode == 0)
    #expect(FileManager.default.contents(atPath: first) == FileManager.default.contents(atPath: second))
  }

  @Test func keepsAnExistingFileUnlessForced() throws {
    let output = folder.write("old.nnq", [1, 2, 3])
    let kept = try nnconv.run("--calib", samples, floatNet, output)
    #expect(kept == .init(exitCode: 73, output: "", errors: "nnconv: error: \(output): exists; use --force to replace it\n"))
    #expect(FileManager.default.contents(atPath: output) == Data([1, 2, 3]))
    #expect(try nnconv.run("--calib", samples, "--force", "--quiet", floatNet, output).exitCode == 0)
  }

  @Test(
    arguments: [
      (["--bits=9", "IN", "OUT"], 64, "nnconv: error: --bits: got 9, expected 1...8 or 32"),
      (["--prune=1", "IN", "OUT"], 64, "nnconv: error: --prune: got \"1\", expected a number 0.0...0.99"),
      (["IN"], 64, "nnconv: error: expected IN and OUT.nnq, got 1 operands"),
      (["/nowhere.onnx", "OUT"], 66, "nnconv: error: /nowhere.onnx: cannot open: got No such file or directory"),
      (["--calib=/nowhere.npy", "IN", "OUT"], 66, "nnconv: error: /nowhere.npy: cannot open: got No such file or directory"),
    ] as [([String], Int32, String)])
  func namesWhatIsWrongAndLeavesNoFile(arguments: [String], exitCode: Int32, message: String) throws {
    let output = folder.path + "/out.nnq"
    let result = try nnconv.run(list: arguments.map { $0 == "IN" ? floatNet : $0 == "OUT" ? output : $0 })
    #expect(result.exitCode == exitCode)
    #expect(result.output == "")
    #expect(result.errors.split(separator: "\n").last?.hasPrefix(message) == true, "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func refusesWhatIsNoNet() throws {
    let text = folder.write("net.onnx", Array("this is no protobuf".utf8))
    let result = try nnconv.run(text, folder.path + "/out.nnq")
    #expect(result.exitCode == 65)
    #expect(result.errors.hasPrefix("nnconv: error: "))
  }
}

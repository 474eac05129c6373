import Foundation
import NNQFormat
import TestSupport
import Testing

/// What nnconv makes of --max-drop, --size and --bits auto.
@Suite struct GoalTests {
  let nnconv = Command(tool: "nnconv")
  let folder: TemporaryFolder
  let net: String

  /// y = x * weights^T, 64 -> 48.
  init() throws {
    folder = try TemporaryFolder()
    let weights = (0..<64 * 48).map { (index: Int) -> Float in Float(index * index % 251 - 125) / 128 }
    net = try DenseNet.write(weights, depth: 64, to: folder)
  }

  @Test(arguments: [
    (["--bits", "auto"], "--bits auto needs --max-drop or --size"),
    (["--max-drop", "1", "--size", "900"], "--max-drop and --size are two goals, give one"),
    (["--max-drop", "1", "--bits", "32"], "--max-drop and --size are for integer models, not for --bits 32"),
    (
      ["--size", "900", "--prune", "0.5"],
      "--max-drop and --size choose the share that --prune gives; with --bits auto they choose bits"
    ),
    (["--bits", "automatic"], "--bits: got automatic, expected 1...8, 32 or auto"),
  ]) func refusesWhatDoesNotGoTogether(arguments: [String], message: String) throws {
    let result = try nnconv.run(list: arguments + [net, folder.path + "/out.nnq"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains(message))
  }

  @Test func fitsIntoTheBytesAndSaysSo() throws {
    let output = folder.path + "/small.nnq"
    let plan = folder.path + "/plan.json"
    let result = try nnconv.run("--quiet", "--bits=auto", "--size=1900", "--write-plan", plan, net, output)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try #require(FileManager.default.contents(atPath: output)).count <= 1900)
    let provenance = try ModelFile.read(contentsOf: output).provenance
    #expect([provenance?["bits"], provenance?["size"]] == ["auto", "1900"])
    let again = folder.path + "/again.nnq"
    #expect(try nnconv.run("--quiet", "--plan", plan, net, again).exitCode == 0)
    #expect(try ModelFile.read(contentsOf: again).graph == ModelFile.read(contentsOf: output).graph)
  }
}

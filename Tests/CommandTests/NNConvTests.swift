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

  /// y = x * weights^T, for x in 0...1.
  init() throws {
    folder = try TemporaryFolder()
    floatNet = try DenseNet.write([1, 0.5, -1, 0, 0, -0.5, 0.25, 1], to: folder)
  }

  var samples: String { DenseNet.writeSamples(to: folder) }

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
    #expect(try nnconv.run("--calib", samples, "--threads=1", "--quiet", "--prune-pattern=weights", floatNet, first).exitCode == 0)
    #expect(
      try nnconv.run("--calib", samples, "--threads=2", "--isa=scalar", "--saliency=obs", "--quiet", floatNet, second).exitCode == 0)
    #expect(FileManager.default.contents(atPath: first) == FileManager.default.contents(atPath: second))
  }

  @Test func theBestEffortGivesTheSameModelInFewerBytes() throws {
    let path = folder.path + "/wide.nnq"
    // Each channel has a spread of its own, so that it matters where blocks of codes end.
    let weights = (0..<64 * 1024).map { (index: Int) -> Float in
      let spread = index / 1024 % 7 + 1
      return Float((index * index + index / 7) % 251 % (spread * 16)) / 128 - Float(spread) / 16
    }
    try DenseNet.graph(weights, depth: 1024).modelFile().write(to: path)
    let (standard, best) = (folder.path + "/standard.nnq", folder.path + "/best.nnq")
    #expect(try nnconv.run("--quiet", path, standard).exitCode == 0)
    #expect(try nnconv.run("--quiet", "--best", path, best).exitCode == 0)
    #expect(try ModelFile.read(contentsOf: best).graph == ModelFile.read(contentsOf: standard).graph)
    func byteCount(_ path: String) -> Int { FileManager.default.contents(atPath: path)?.count ?? 0 }
    #expect(byteCount(best) < byteCount(standard))
  }

  @Test func explainsTheNetBeforeAndAfter() throws {
    let result = try nnconv.run("--calib", samples, "--explain", floatNet, folder.path + "/explained.nnq")
    #expect(result.exitCode == 0)
    let read = ["input x: [1, 4] real", "y: dense(x [1, 4], constant w [2, 4]) -> [1, 2]", "output y: [1, 2]"]
    #expect(result.errors.split(separator: "\n").map(String.init) == read)
    #expect(result.output.contains("-> [1, 2] s16 scale "))
    #expect(
      result.output.contains(
        "\ndense(x u8 [1, 4], constant s8 [2, 4], constant s32 [2], constant u16 [2], constant u8 [2]) -> y s16 [1, 2]\n"))
  }

  @Test func saysAllThatIsNotSupported() throws {
    let shape = [1, 2]
    let values = ["x", "e", "a", "w", "y"].map { FloatValue(name: $0, shape: $0 == "w" ? [2, 2] : shape) }
    let graph = FloatGraph(
      values: values,
      nodes: [
        FloatNode(name: "a", .binary(.pow), inputs: [0, 1], outputs: [2]), FloatNode(name: "y", .dense, inputs: [2, 3], outputs: [4]),
      ], inputs: [0, 1, 3], outputs: [4])
    let path = folder.path + "/open.nnq"
    try graph.modelFile().write(to: path)
    let result = try nnconv.run("--quiet", path, folder.path + "/none.nnq")
    #expect(result.exitCode == 65)
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "nnconv: error: \(path): 2 things are not supported")
    #expect(lines[1].hasPrefix("  a: pow: ") && lines[2].hasPrefix("  y: dense: "))
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
      (["--bits=9", "<IN>", "<OUT>"], 64, "nnconv: error: --bits: got 9, expected 1...8, 32 or auto"),
      (["--bits=0", "<IN>", "<OUT>"], 64, "nnconv: error: --bits: got 0, expected 1...8, 32 or auto"),
      (["--prune-pattern=2:4", "<IN>", "<OUT>"], 64, "nnconv: error: --prune-pattern: got \"2:4\", expected one of weights"),
      (["--saliency=taylor", "<IN>", "<OUT>"], 64, "nnconv: error: --saliency: got \"taylor\", expected one of magnitude"),
      (["--prune=1", "<IN>", "<OUT>"], 64, "nnconv: error: --prune: got \"1\", expected a number 0.0...0.99"),
      (["--prun=0.5", "<IN>", "<OUT>"], 64, "nnconv: error: unknown option --prun; did you mean --prune?"),
      (
        ["--prune=0.9", "--prune-pattern=block4", "<IN>", "<OUT>"], 64,
        "nnconv: error: --prune 0.9: 7 of 8 weights are to go, the prunable layers hold 0; "
      ),
      (["--exclude=(", "<IN>", "<OUT>"], 64, "nnconv: error: --exclude: \"(\" is not a regular expression"),
      (["--report=<OUT>", "<IN>", "<OUT>"], 64, "nnconv: error: --report: got <OUT>, which is to hold the model"),
      (["--force", "--report=<HERE>/./x", "<IN>", "<HERE>/x"], 64, "nnconv: error: --report: got <HERE>/./x, which is to hold the model"),
      (["--force", "--report=<IN>", "<IN>", "<OUT>"], 64, "nnconv: error: --report: got <IN>, which is the net to convert"),
      (["--force", "<IN>", "<HERE>/./float.nnq"], 64, "nnconv: error: OUT.nnq: got <HERE>/./float.nnq, which is the net to convert"),
      (["--labels=<EMPTY>", "<IN>", "<OUT>"], 65, "nnconv: error: <EMPTY>: labels: got none, expected one name a line"),
      (["--labels=<ONE>", "<IN>", "<OUT>"], 65, "nnconv: error: <ONE>: labels: got 1, expected 2, one for each class"),
      (
        ["--expect=<ONE>", "--calib=<SAMPLES>", "<IN>", "<OUT>"], 65,
        "nnconv: error: <ONE>: labels: got 1, expected 16, one for each sample"
      ),
      (["<IN>", "/nowhere/out.nnq"], 73, "nnconv: error: /nowhere/out.nnq: cannot write to /nowhere: No such file or directory"),
      (["<IN>"], 64, "nnconv: error: expected IN and OUT.nnq, got 1 operands"),
      (["/nowhere.onnx", "<OUT>"], 66, "nnconv: error: /nowhere.onnx: cannot open: got No such file or directory"),
      (["--calib=/nowhere.npy", "<IN>", "<OUT>"], 66, "nnconv: error: /nowhere.npy: cannot open: got No such file or directory"),
    ] as [([String], Int32, String)])
  func namesWhatIsWrongAndLeavesNoFile(arguments: [String], exitCode: Int32, message: String) throws {
    let places = [
      "<IN>": floatNet, "<OUT>": folder.path + "/out.nnq", "<EMPTY>": folder.write("empty.txt", []), "<HERE>": folder.path,
      "<ONE>": folder.write("one.txt", Array("1\n".utf8)), "<SAMPLES>": samples,
    ]
    func placed(_ text: String) -> String {
      places.reduce(text) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    }
    let result = try nnconv.run(list: ["--quiet"] + arguments.map(placed))
    #expect(result.exitCode == exitCode)
    #expect(result.output == "")
    #expect(result.errors.hasPrefix(placed(message)), "\(result.errors)")
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
    #expect(try files == ["calib.npy", "empty.txt", "float.nnq", "one.txt"])
  }

  /// What lies in the folder: no temporary file, ever.
  private var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func object(_ text: Data) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: text) as? [String: Any])
  }

  private func canonical(_ object: [String: Any]) throws -> Data {
    try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
  }

  @Test func aDryRunWritesNoModel() throws {
    let result = try nnconv.run("--dry-run", "--json", "--quiet", floatNet, folder.path + "/out.nnq")
    #expect(result.exitCode == 0)
    #expect(result.output.filter { $0 == "\n" }.count == 1)
    let report = try object(Data(result.output.utf8))
    #expect(report["schema"] as? Int == 1)
    #expect(report["weights"] as? Int == 8)
    #expect(report["calibrated"] as? Bool == false)
    #expect((report["layers"] as? [[String: Any]])?.map { $0["name"] as? String } == ["y"])
    #expect(try files == ["float.nnq"])
  }

  @Test func aDryRunKeepsAnExistingModel() throws {
    let output = folder.write("old.nnq", [1, 2, 3])
    #expect(try nnconv.run("--dry-run", "--quiet", floatNet, output).exitCode == 0)
    #expect(FileManager.default.contents(atPath: output) == Data([1, 2, 3]))
  }

  @Test(.enabled(if: Command.takesFileSizeLimit, "the thread sanitizer writes a file"))
  func aFileSizeLimitIsAnErrorLikeOthers() throws {
    let output = folder.path + "/out.nnq"
    let result = try nnconv.run(list: ["--quiet", "--bits=32", floatNet, output], fileSizeLimit: 0)
    #expect(result == .init(exitCode: 73, output: "", errors: "nnconv: error: \(output): write failed: File too large\n"))
    #expect(try files == ["float.nnq"])
  }

  @Test(.enabled(if: Command.takesFileSizeLimit, "the thread sanitizer writes a file"))
  func aFullDiskBelowTheSamplesIsAnErrorLikeOthers() throws {
    let result = try nnconv.run(list: ["--quiet", floatNet, folder.path + "/out.nnq"], fileSizeLimit: 0)
    let reason = "calibration samples: cannot write to the scratch file: File too large"
    let remedy = "let TMPDIR name a folder with room, or give fewer samples"
    #expect(result == .init(exitCode: 73, output: "", errors: "nnconv: error: \(reason); \(remedy)\n"))
    #expect(try files == ["float.nnq"])
  }

  @Test func aLinkToNothingIsInTheWay() throws {
    let link = folder.path + "/dangling.nnq"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/none")
    let result = try nnconv.run("--quiet", floatNet, link)
    #expect(result == .init(exitCode: 73, output: "", errors: "nnconv: error: \(link): exists; use --force to replace it\n"))
  }

  @Test func writesTheReportItPrints() throws {
    let report = folder.path + "/report.json"
    let arguments = ["--json", "--quiet", "--calib", samples, "--report", report, floatNet, folder.path + "/out.nnq"]
    let result = try nnconv.run(list: arguments)
    #expect(result.exitCode == 0)
    #expect(try files == ["calib.npy", "float.nnq", "out.nnq", "report.json"])
    let written = try object(#require(FileManager.default.contents(atPath: report)))
    #expect(try canonical(written) == canonical(object(Data(result.output.utf8))))
    #expect(written["calibrated"] as? Bool == true)
    let size = try FileManager.default.attributesOfItem(atPath: folder.path + "/out.nnq")[.size] as? Int
    #expect(written["output_bytes"] as? Int == size)
    let kept = try nnconv.run("--report", report, floatNet, folder.path + "/other.nnq")
    #expect(kept == .init(exitCode: 73, output: "", errors: "nnconv: error: \(report): exists; use --force to replace it\n"))
  }

  @Test func warnsWhenNothingIsCalibrated() throws {
    let result = try nnconv.run("--dry-run", floatNet, folder.path + "/out.nnq")
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("nnconv: warning: no --calib: ranges come from synthetic samples"))
  }

  @Test func labelsAndRulesForPicturesReachTheModel() throws {
    let labels = folder.write("labels.txt", Array("cat\ndog\n".utf8))
    let output = folder.path + "/out.nnq"
    #expect(try nnconv.run("--labels", labels, "--quiet", floatNet, output).exitCode == 0)
    let file = try ModelFile.read(contentsOf: output)
    #expect(file.labels == ["cat", "dog"])
    #expect(file.provenance?["bits"] == "8")
    let pictures = try nnconv.run("--mean=1", "--force", floatNet, output)
    #expect(pictures.exitCode == 64)
  }

  /// Spec: format.md 4.3, F24.
  @Test func keepsUnknownSectionsThatAreSafeToCopy() throws {
    var file = try ModelFile.read(contentsOf: floatNet)
    file.unknownSections = [ModelFile.UnknownSection(type: 99, bytes: [1, 2, 3])]
    let (input, output) = (folder.path + "/unknown.nnq", folder.path + "/out.nnq")
    try file.write(to: input)
    for bits in ["8", "32"] {
      #expect(try nnconv.run("--bits", bits, "--calib", samples, "--force", "--quiet", input, output).exitCode == 0)
      #expect(try ModelFile.read(contentsOf: output).unknownSections == file.unknownSections)
    }
  }

  /// A model holds rules for pictures of 1 to 4 channels.
  @Test func refuses8BitSamplesOfManyChannelsBeforeItConverts() throws {
    let graph = FloatGraph(
      values: [FloatValue(name: "x", shape: [1, 8, 2, 2]), FloatValue(name: "y", shape: [1, 8, 2, 2])],
      nodes: [FloatNode(name: "y", .unary(.relu), inputs: [0], outputs: [1])], inputs: [0], outputs: [1])
    let (input, output) = (folder.path + "/wide.nnq", folder.path + "/out.nnq")
    try graph.modelFile().write(to: input)
    let bytes = folder.write("wide.npy", npyBytes(InputArray(shape: [2, 2, 8], values: .uint8([UInt8](repeating: 7, count: 32)))))
    let message =
      "nnconv: error: \(bytes): 8-bit samples: got 8 channels, expected 1 to 4; save the net's own input as float32\n"
    #expect(try nnconv.run("--calib", bytes, input, output) == .init(exitCode: 65, output: "", errors: message))
    let real = folder.write("real.npy", npyBytes(InputArray(shape: [8, 2, 2], values: .float32([Float](repeating: 7, count: 32)))))
    #expect(try nnconv.run("--calib", real, "--quiet", input, output).exitCode == 0)
  }

  @Test func refusesSamplesThatAreNoNumbers() throws {
    let bad = folder.write("bad.npy", npyBytes(InputArray(shape: [1, 4], values: .float32([1, 2, .nan, 3]))))
    let result = try nnconv.run("--quiet", "--calib", bad, floatNet, folder.path + "/out.nnq")
    #expect(result == .init(exitCode: 65, output: "", errors: "nnconv: error: \(bad)[0]: it holds NaN or infinity; leave it out\n"))
  }

  @Test func refusesAnIntegerModel() throws {
    let path = folder.path + "/color.nnq"
    try ColorNet.file().write(to: path)
    let message = "nnconv: error: \(path): it is an integer model already; convert the float net it was made from\n"
    #expect(try nnconv.run(path, folder.path + "/out.nnq") == .init(exitCode: 65, output: "", errors: message))
  }

  @Test func namesAFileThatIsCutShort() throws {
    let whole = try #require(FileManager.default.contents(atPath: floatNet))
    let path = folder.write("cut.nnq", Array(whole.prefix(100)))
    let result = try nnconv.run(path, folder.path + "/out.nnq")
    #expect(result.exitCode == 65)
    #expect(result.errors.hasPrefix("nnconv: error: \(path): "))
    #expect(result.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func refusesWhatIsNoNet() throws {
    let text = folder.write("net.onnx", Array("this is no protobuf".utf8))
    let result = try nnconv.run(text, folder.path + "/out.nnq")
    #expect(result.exitCode == 65)
    #expect(result.errors.hasPrefix("nnconv: error: "))
  }
}

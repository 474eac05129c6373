import Foundation
import NNQFloat
import NNQFormat
import TestSupport
import Testing

@testable import NNQInput

@Suite struct NNRunTests {
  let nnrun = Command(tool: "nnrun")
  let temporary: TemporaryFolder
  let net: String

  init() throws {
    temporary = try TemporaryFolder()
    net = temporary.path + "/color.nnq"
    try ColorNet.file().write(to: net)
  }

  var folder: String { temporary.path }

  func write(_ name: String, _ bytes: [UInt8]) -> String { temporary.write(name, bytes) }

  func picture(_ samples: [UInt8]) -> [UInt8] { Array("P6 2 2 255\n".utf8) + samples }

  /// Sums 16, 20, 24.
  let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 5, 6, 7, 6, 7, 8]

  func read(_ path: String) throws -> InputArray {
    let stream = ByteStream(try InputFile(path: path, limits: InputLimits()), coding: .stored)
    return try ArrayReader.npy(stream, limits: InputLimits()).readAll()
  }

  // MARK: Results

  @Test func ranksTheClassesOfAPicture() throws {
    let path = write("a.ppm", picture(pixels))
    let expected = "\(path)\n  2  24.0000  blue\n  1  20.0000  green\n  0  16.0000  red\n"
    #expect(try nnrun.run(net, path) == .init(exitCode: 0, output: expected, errors: ""))
    let one = try nnrun.run(net, path, "--top-k=1", "--raw", "--json")
    let json =
      #"{"schema": 1, "sample_count": 1, "samples": [{"name": "\#(path)", "top": [{"index": 2, "label": "blue", "value": 24.0}]}]}"#
    #expect(one == .init(exitCode: 0, output: json + "\n", errors: ""))
  }

  @Test func readsStandardInput() throws {
    let result = try nnrun.run(net, "-", "--top-k", "1", input: picture(pixels))
    #expect(result == .init(exitCode: 0, output: "standard input\n  2  24.0000  blue\n", errors: ""))
  }

  @Test func preprocessingOfTheCommandLineGoesFirst() throws {
    let path = write("a.ppm", picture(pixels))
    #expect(try nnrun.run(net, path, "--color=bgr", "--top-k=1").output.contains("  0  24.0000  red"))
    #expect(try nnrun.run(net, path, "--mean=1", "--std=0.5", "--top-k=1").output.contains("  2  40.0000  blue"))
  }

  @Test func writesOutputsOfABatch() throws {
    let bytes = InputArray(shape: [2, 2, 2, 3], values: .uint8(pixels + pixels.map { $0 * 2 }))
    let input = write("batch.npy", npyBytes(bytes))
    let output = folder + "/out.npy"
    #expect(try nnrun.run(net, input, "--output", output) == .init(exitCode: 0, output: "2 samples\n", errors: ""))
    #expect(try read(output) == InputArray(shape: [2, 3], values: .float32([16, 20, 24, 32, 40, 48])))
    #expect(try nnrun.run(net, input, "--output", output, "--raw", "--force").exitCode == 0)
    #expect(try read(output) == InputArray(shape: [2, 3], values: .int16([16, 20, 24, 32, 40, 48])))
    let kept = try nnrun.run(net, input, "--output", output)
    #expect(kept == .init(exitCode: 73, output: "", errors: "nnrun: error: \(output): exists; use --force to replace it\n"))
  }

  @Test func takesRealArraysInEitherLayout() throws {
    let planar = [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11].map { Float(pixels[$0]) }
    let first = write("nchw.npy", npyBytes(InputArray(shape: [1, 3, 2, 2], values: .float32(planar))))
    let last = write("nhwc.npy", npyBytes(InputArray(shape: [1, 2, 2, 3], values: .float32(pixels.map(Float.init)))))
    #expect(try nnrun.run(net, first, "--top-k=1").output.hasSuffix("  2  24.0000  blue\n"))
    #expect(try nnrun.run(net, last, "--top-k=1", "--layout=nhwc").output.hasSuffix("  2  24.0000  blue\n"))
  }

  @Test func dumpsInnerTensors() throws {
    let input = write("a.ppm", picture(pixels))
    let dump = folder + "/flat.npy"
    #expect(try nnrun.run(net, input, "--raw", "--dump-layer", "flat=\(dump)").exitCode == 0)
    #expect(try read(dump) == InputArray(shape: [1, 12], values: .uint8(pixels)))
  }

  @Test func refusesAnotherNumberOfLabels() throws {
    let input = write("a.ppm", picture(pixels))
    let labels = write("two.txt", Array("cat\ndog\n".utf8))
    let result = try nnrun.run(net, input, "--labels", labels)
    #expect(result == .init(exitCode: 65, output: "", errors: "nnrun: error: \(labels): labels: got 2, expected 3, one for each class\n"))
  }

  @Test func warnsOfPixelsForAModelWithoutRulesForThem() throws {
    var file = try ColorNet.file()
    file.preprocessing = nil
    let bare = folder + "/bare.nnq"
    try file.write(to: bare)
    let input = write("a.ppm", picture(pixels))
    let warning = "nnrun: warning: the model stores no preprocessing: pixels are taken as 0...255; give --mean and --std\n"
    #expect(try nnrun.run(bare, input).errors == warning)
    #expect(try nnrun.run(bare, input, "--mean=0").errors == "")
    let real = write("real.npy", npyBytes(InputArray(shape: [1, 3, 2, 2], values: .float32(pixels.map(Float.init)))))
    #expect(try nnrun.run(bare, real).errors == "")
  }

  @Test func refusesTwoArraysInOneFile() throws {
    let input = write("a.ppm", picture(pixels))
    let (first, second) = (folder + "/same.npy", folder + "/./same.npy")
    let message = "--dump-layer: got \(second), which is to hold another array already (\(first)) (see nnrun --help)"
    let result = try nnrun.run(net, input, "--output", first, "--dump-layer", "flat=\(second)")
    #expect(result == .init(exitCode: 64, output: "", errors: "nnrun: error: \(message)\n"))
    #expect(!FileManager.default.fileExists(atPath: first))
  }

  @Test func measuresAccuracy() throws {
    for (name, samples) in [("2_a.ppm", pixels), ("0_b.ppm", pixels)] { _ = write(name, picture(samples)) }
    let text = try nnrun.run(net, folder, "--expect", folder)
    #expect(text == .init(exitCode: 0, output: "top-1 50.00 % (1 of 2), top-5 100.00 %\n", errors: ""))
    let labels = write("labels.txt", Array("0\n2\n".utf8))
    let json = try nnrun.run(net, folder, "--expect", labels, "--json")
    #expect(json.output == #"{"schema": 1, "sample_count": 2, "top1": 50.0, "top5": 100.0, "top1_count": 1, "top5_count": 2}"# + "\n")
    let few = try nnrun.run(net, folder + "/0_b.ppm", "--expect", labels)
    #expect(few == .init(exitCode: 65, output: "", errors: "nnrun: error: \(labels): labels: got 2, expected 1, one for each sample\n"))
  }

  // MARK: Inspection and measurement

  @Test func everyInstructionSetGivesTheSameBytes() throws {
    let list = try nnrun.run("--list-isa", "--json")
    #expect(list.exitCode == 0)
    #expect(list.output.hasPrefix(#"{"isa": ["scalar""#))
    let input = write("a.ppm", picture(pixels))
    let outputs = try nnrun.run("--list-isa").output.split(separator: "\n").map { isa in
      try nnrun.run(net, input, "--isa", String(isa), "--threads", "2", "--raw").output
    }
    #expect(Set(outputs).count == 1)
  }

  @Test func verifiesTheSelfTest() throws {
    let result = try nnrun.run("--verify", "--isa=scalar", net)
    #expect(result == .init(exitCode: 0, output: "self-test passed on scalar\n", errors: ""))
    var file = try ColorNet.file()
    file.selfTest?.outputDigest[0] ^= 1
    try file.write(to: folder + "/bad.nnq")
    let failed = try nnrun.run("--verify", "--isa=scalar", folder + "/bad.nnq")
    #expect(failed.exitCode == 1)
    #expect(failed.errors.contains("the self-test failed on scalar"))
  }

  @Test func verifiesByTheReferenceExecutor() throws {
    let result = try nnrun.run("--verify", "--reference", net)
    #expect(result == .init(exitCode: 0, output: "self-test passed on the reference executor\n", errors: ""))
    #expect(try nnrun.run("--reference", net, "-").exitCode == 64)
  }

  @Test func describesTheModel() throws {
    let text = try nnrun.run("--info", net)
    #expect(text.exitCode == 0)
    #expect(text.output.hasPrefix("integer model, version 1.0, "))
    #expect(text.output.contains("36 multiply-accumulates"))
    #expect(text.output.contains("operators: 1 dense, 1 reshape"))
    #expect(text.output.contains("inflated  entropy  above it"))
    let json = try nnrun.run("--info", "--json", net)
    #expect(json.output.contains(#""labels": ["red", "green", "blue"]"#))
    #expect(json.output.contains(#""raw_bytes": 9, "entropy_bytes": 2"#))
  }

  @Test func describesButDoesNotRunAFloatModel() throws {
    let graph = FloatGraph(
      values: [FloatValue(name: "x", shape: [1, 2]), FloatValue(name: "y", shape: [1, 2])],
      nodes: [FloatNode(name: "y", .unary(.relu), inputs: [0], outputs: [1])], inputs: [0], outputs: [1])
    let path = folder + "/float.nnq"
    try graph.modelFile().write(to: path)
    let text = try nnrun.run("--info", path)
    #expect(text.exitCode == 0)
    #expect(text.output.hasPrefix("float model, version 1.0, "))
    #expect(text.output.contains("operators: 1 relu"))
    let refused = try nnrun.run(path, "-", input: [0])
    #expect(refused.exitCode == 65)
    #expect(refused.errors.contains("convert it with nnconv --bits 8"))
  }

  @Test func benchmarkEndsWithOneLineOfJSON() throws {
    let result = try nnrun.run("--bench", "--json", "--runs=3", "--warmup=0", "--min-seconds=0", net)
    #expect(result.exitCode == 0)
    let line = try #require(result.output.split(separator: "\n").last)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    #expect(object["runs"] as? Int == 3)
    for key in ["min_ms", "median_ms", "p90_ms", "load_ms", "first_ms", "threads", "isa", "peak_arena_bytes", "packed_bytes"] {
      #expect(object[key] != nil)
    }
  }

  @Test func profilesEachStep() throws {
    let result = try nnrun.run("--profile", "--runs=1", "--isa=scalar", net)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("sums"))
    #expect(result.output.contains("scalar, one thread, median of 1 runs"))
    let line = try nnrun.run("--profile", "--runs=2", "--json", net).output
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let steps = try #require(object["steps"] as? [[String: Any]])
    #expect(try #require(object["peak_gmac_per_s"] as? Double) > 0)
    #expect(steps.contains { $0["weights"] as? String == "dense" })
    for key in ["node", "kernel", "median_us", "share", "macs", "gmac_per_s", "peak_share", "bytes"] {
      #expect(steps.allSatisfy { $0[key] != nil })
    }
  }

  // MARK: Errors

  @Test(
    arguments: [
      ([], 64, "the model is missing (see nnrun --help)"), (["a.nnq"], 64, "the input is missing (see nnrun --help)"),
      (["--bench", "--profile", "a"], 64, "--bench and --profile exclude each other (see nnrun --help)"),
      (["--exepct=x", "a", "b"], 64, "unknown option --exepct; did you mean --expect? (see nnrun --help)"),
      (["--threads=0", "a", "b"], 64, "--threads: got \"0\", expected an integer 1...64 (see nnrun --help)"),
    ] as [([String], Int32, String)])
  func refusesCommandLines(arguments: [String], exitCode: Int32, message: String) throws {
    let result = try nnrun.run(list: arguments)
    #expect(result == .init(exitCode: exitCode, output: "", errors: "nnrun: error: \(message)\n"))
  }

  @Test func namesWhatIsMissingOrDamaged() throws {
    #expect(try nnrun.run("/nowhere.nnq", "a.png").exitCode == 66)
    let input = try nnrun.run(net, "/nowhere.png")
    #expect(input == .init(exitCode: 66, output: "", errors: "nnrun: error: /nowhere.png: cannot open: got No such file or directory\n"))
    let text = write("text.nnq", Array(String(repeating: "text", count: 40).utf8))
    let damaged = try nnrun.run("--info", text)
    #expect(damaged.exitCode == 65)
    #expect(damaged.errors.hasPrefix("nnrun: error: \(text): "))
    #expect(damaged.errors.filter { $0 == "\n" }.count == 1)
  }

  @Test func leavesNoFileBehindAnError() throws {
    let broken = write("broken.png", [0x89, 0x50, 0x4E, 0x47, 0])
    let result = try nnrun.run(net, broken, "--output", folder + "/out.npy")
    #expect(result.exitCode == 65)
    #expect(!FileManager.default.fileExists(atPath: folder + "/out.npy"))
  }
}

import Foundation
import Testing

@testable import NNQFormat

@Suite struct WriterTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "nnq-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private var contents: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() } }

  @Test func writesWholeFilesOnly() throws {
    try SampleModels.smallest.write(to: path("a.nnq"))
    #expect(try contents == ["a.nnq"])
    #expect(try ModelFile.read(contentsOf: path("a.nnq")) == SampleModels.smallest)
    try FileManager.default.removeItem(at: folder)
  }

  @Test func keepsAnExistingFileUnlessForced() throws {
    try SampleModels.smallest.write(to: path("a.nnq"))
    let error = #expect(throws: FormatError.self) { try SampleModels.annotated.write(to: path("a.nnq")) }
    #expect(error?.code == .exists)
    #expect(try ModelFile.read(contentsOf: path("a.nnq")) == SampleModels.smallest)
    try SampleModels.annotated.write(to: path("a.nnq"), force: true)
    #expect(try ModelFile.read(contentsOf: path("a.nnq")) == SampleModels.annotated)
    #expect(try contents == ["a.nnq"])
    try FileManager.default.removeItem(at: folder)
  }

  /// The target appears after the early check.
  @Test func doesNotReplaceAFileThatAppearsMeanwhile() throws {
    let file = AtomicFile(path: path("a.nnq"), force: false)
    try file.checkTarget()
    try Data([1]).write(to: folder.appending(path: "a.nnq"))
    let error = #expect(throws: FormatError.self) { try file.write([2]) }
    #expect(error?.code == .exists)
    #expect(try contents == ["a.nnq"])
    try FileManager.default.removeItem(at: folder)
  }

  @Test func leavesNothingBehindOnFailure() throws {
    try FileManager.default.createDirectory(at: folder.appending(path: "taken"), withIntermediateDirectories: true)
    let error = #expect(throws: FormatError.self) { try SampleModels.smallest.write(to: path("taken"), force: true) }
    #expect(error?.code == .ioError)
    #expect(try contents == ["taken"])
    let missing = #expect(throws: FormatError.self) { try SampleModels.smallest.write(to: path("none/a.nnq")) }
    #expect(missing?.code == .ioError)
    try FileManager.default.removeItem(at: folder)
  }

  @Test func takesTheStreamOfAnotherCompressorWhereItIsSmaller() throws {
    let model = SampleModels.weights(SampleModels.randomElements(40_000, bits: 4, zeroShare: 0.6, seed: 3), .uniform(bits: 4))
    let standard = try model.encoded()
    let deflater = Deflater(.standard)
    let bytes = try model.encoded(WriterOptions(effort: .stored, compressor: { deflater.deflate($0) }))
    #expect(try bytes.count < model.encoded(.stored).count)
    #expect(try ModelFile.read(bytes: bytes) == model)
    #expect(try model.encoded(WriterOptions(compressor: { Array($0) + $0 })) == standard)
    #expect(try model.encoded(WriterOptions(compressor: { _ in nil })) == standard)
  }

  /// The same bytes with any number of threads.
  @Test func doesNotDependOnThreads() throws {
    let elements = SampleModels.randomElements(40_000, bits: 8, zeroShare: 0.6, seed: 3)
    let model = SampleModels.weights(elements, .uniform(bits: 8))
    let bytes = try model.encoded(WriterOptions(threads: 1))
    for threads in 2...4 { #expect(try model.encoded(WriterOptions(threads: threads)) == bytes) }
  }

  @Test func storesWhatZlibDoesNotShrink() throws {
    let noise = SampleModels.randomElements(40_000, bits: 8, zeroShare: 0, seed: 5)
    let zeros = [Int8](repeating: 0, count: 40_000)
    for (elements, codec) in [(noise, SectionEntry.Codec.stored), (zeros, .zlib)] {
      let bytes = try SampleModels.weights(elements, .levels(Set(elements).union([5]).sorted(), bits: 8)).encoded()
      let largest = try ModelFile.inspect(from: TrickleSource(bytes)).sections.max { $0.rawByteCount < $1.rawByteCount }
      #expect(largest?.codec == codec)
    }
  }

  /// The content digest is about the model, not its file.
  @Test func changesTheDigestWithTheModelOnly() throws {
    let elements = SampleModels.randomElements(100, bits: 4, zeroShare: 0.5, seed: 1)
    let digest = try SampleModels.weights(elements, .uniform(bits: 4)).contentDigest()
    #expect(try SampleModels.weights(elements, .uniform(bits: 8)).contentDigest() == digest)
    #expect(try SampleModels.weights(elements.reversed(), .uniform(bits: 4)).contentDigest() != digest)
    var labelled = SampleModels.weights(elements, .uniform(bits: 4))
    labelled.labels = ["a"]
    #expect(try labelled.contentDigest() != digest)
  }

  @Test(arguments: UnencodableModel.all)
  func refusesWhatHasNoEncoding(_ example: UnencodableModel) {
    let error = #expect(throws: FormatError.self, "\(example.name)") { try example.model.encoded(.stored) }
    #expect(error?.code == example.code, "\(example.name)")
  }
}

struct UnencodableModel: Sendable {
  var name: String
  var code: FormatError.Code
  var model: ModelFile

  init(_ name: String, _ code: FormatError.Code = .unencodable, _ change: (inout ModelFile) -> Void) {
    self.name = name
    self.code = code
    model = SampleModels.smallest
    change(&model)
  }

  static let all = [
    UnencodableModel("rank 9", .valueOutOfRange) { $0.graph.tensors[0].shape = Array(repeating: 1, count: 9) },
    UnencodableModel("extent 0", .valueOutOfRange) { $0.graph.tensors[0].shape = [0] },
    UnencodableModel("negative extent") { $0.graph.tensors[0].shape = [-1] },
    UnencodableModel("product beyond 64 bits", .valueOutOfRange) {
      $0.graph.tensors[1].shape = Array(repeating: 1 << 30, count: 5)
    },
    UnencodableModel("name too long") { $0.graph.tensors[0].name = String(repeating: "n", count: 70_000) },
    UnencodableModel("two names", .duplicateName) { $0.graph.tensors[0].name = "y" },
    UnencodableModel("NUL in a name", .invalidText) { $0.graph.tensors[0].name = "\0" },
    UnencodableModel("no scale") { $0.graph.tensors[0].role = .activation(nil) },
    UnencodableModel("scale NaN", .valueOutOfRange) {
      $0.graph.tensors[0].role = .activation(Quantization(scale: .nan, zeroPoint: 0))
    },
    UnencodableModel("bytes missing") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1], coding: .raw)) },
    UnencodableModel("codes of s32") {
      $0.graph.tensors[2].role = .constant(Constant(bytes: [0, 0, 0, 0], coding: .uniform(bits: 8)))
    },
    UnencodableModel("0 bits") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 1], coding: .uniform(bits: 0))) },
    UnencodableModel("9 bits") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 1], coding: .uniform(bits: 9))) },
    UnencodableModel("no such level") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 8], coding: .uniform(bits: 4))) },
    UnencodableModel("level -128") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 0x80], coding: .uniform(bits: 8))) },
    UnencodableModel("levels descend") {
      $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 2], coding: .levels([2, 1], bits: 1)))
    },
    UnencodableModel("many levels") {
      $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 2], coding: .levels([1, 2, 3], bits: 1)))
    },
    UnencodableModel("no levels") { $0.graph.tensors[1].role = .constant(Constant(bytes: [1, 2], coding: .levels([], bits: 1))) },
    UnencodableModel("tensor index", .indexOutOfRange) { $0.graph.nodes[0].inputs[0] = 6 },
    UnencodableModel("negative index") { $0.graph.nodes[0].inputs[0] = -1 },
    UnencodableModel("many operands") { $0.graph.nodes[0].inputs = Array(repeating: 0, count: 256) },
    UnencodableModel("no inputs", .valueOutOfRange) { $0.graph.inputs = [] },
    UnencodableModel("empty labels") { $0.labels = [] },
    UnencodableModel("empty last label") { $0.labels = ["a", ""] },
    UnencodableModel("label of two lines") { $0.labels = ["a\r\nb", "c"] },
    UnencodableModel("provenance key") { $0.provenance = ["a=b": "c"] },
    UnencodableModel("std 0", .valueOutOfRange) {
      $0.preprocessing = Preprocessing(colorOrder: .gray, resize: .stretch, mean: [0], std: [0])
    },
    UnencodableModel("unequal mean and std", .contentSize) {
      $0.preprocessing = Preprocessing(colorOrder: .gray, resize: .stretch, mean: [0], std: [1, 1])
    },
    UnencodableModel("shorter side 0", .valueOutOfRange) {
      $0.preprocessing = Preprocessing(colorOrder: .gray, resize: .shorterSideThenCrop(0), mean: [0], std: [1])
    },
    UnencodableModel("digest of 31 bytes") { $0.selfTest = SelfTest(seed: 0, outputDigest: Array(0..<31)) },
    UnencodableModel("known unknown section") { $0.unknownSections = [ModelFile.UnknownSection(type: 16, bytes: [1])] },
    UnencodableModel("empty unknown section") { $0.unknownSections = [ModelFile.UnknownSection(type: 50, bytes: [])] },
    UnencodableModel("costs of a float model") {
      $0 = SampleModels.float([1])
      $0.cost.macCount = 1
    },
  ]
}

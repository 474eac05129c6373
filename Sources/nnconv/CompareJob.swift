import CommandLineSupport
import NNQConvert
import NNQFormat
import NNQGraph
import NNQInput
import NNQRuntime

/// One run of `nnconv --compare`: a model layer by layer against the float net it was made from.
struct CompareJob {
  private let net: SourceNet
  private let modelPath: String
  private let model: ModelFile
  private let samples: FileSamples
  private let threads: Int
  private let isa: ISA?
  private let isJSON: Bool
  private let log: Log

  /// The options that mean something here.
  private static let options: Set<String> = ["compare", "fold-limit", "input-shape", "threads", "isa", "json", "quiet", "verbose"]

  init(_ arguments: ParsedArguments, log: Log) throws {
    let allowed = Self.options.union(PreprocessingOptions.options.map(\.name))
    if let other = arguments.given.first(where: { !allowed.contains($0) }) { throw UsageError("--\(other) does not go with --compare") }
    guard arguments.operands.count >= 3 else {
      throw UsageError("--compare: expected FLOAT, MODEL.nnq and INPUT, got \(arguments.operands.count) operands")
    }
    let options = try ConvertOptions(arguments)
    (threads, isa, isJSON, self.log) = (options.threads, options.isa, arguments.has("json"), log)
    net = try SourceNet(path: arguments.operands[0], options: try arguments.importOptions())
    modelPath = arguments.operands[1]
    model = try Self.integerModel(modelPath)
    let rules = try PreprocessingOptions(arguments)
    let inputs = net.netInputs(layout: rules.layout)
    let preprocessing = try rules.preprocessing(of: inputs[0], stored: model.preprocessing)
    samples = try FileSamples(Array(arguments.operands.dropFirst(2)), inputs: inputs, preprocessing: preprocessing)
  }

  func run() throws {
    let layers: [LayerComparison]
    do {
      let comparison = try ModelComparison(net.graph, model, threads: threads, isa: isa)
      var progress = Progress("compare", total: samples.count, log: log)
      layers = try comparison.run(samples) { _ in progress.advance() }
      progress.finish()
    } catch let error as ConvertError where error.code == .badModel {
      throw CommandError(.badData, "\(modelPath): \(error)")
    } catch let error as GraphError {
      throw CommandError(.badData, "\(modelPath): \(error)")
    }
    let summary = ComparisonSummary(layers: layers, samples: samples.summary)
    print(isJSON ? summary.json.line : summary.text.printable)
  }

  private static func integerModel(_ path: String) throws(CommandError) -> ModelFile {
    let file: ModelFile
    do { file = try ModelFile.read(contentsOf: path) } catch { throw CommandError(.badData, error.message(file: path)) }
    guard file.graph.kind == .integer else {
      throw CommandError(.badData, "\(path): it is a float model; --compare looks at integer models")
    }
    return file
  }
}

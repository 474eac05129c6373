import CommandLineSupport
import NNQConvert
import NNQFloat
import NNQFormat
import NNQInput

/// One run of nnconv: its options read and checked, then source -> conversion -> file and report.
struct ConversionJob {
  private let source: SourceNet
  private let sourcePath: String
  private let output: OutputFile
  private let reportFile: OutputFile?
  private let planFile: OutputFile?
  /// Of the plan that is followed, for messages.
  private let planPath: String?
  private let options: ConvertOptions
  private let writerOptions: WriterOptions
  private let samples: any CalibrationSamples
  private let printing: Printing
  private let log: Log

  private struct Printing {
    var isJSON: Bool
    var isExplaining: Bool
    var isDryRun: Bool
  }

  init(_ arguments: ParsedArguments, log: Log) throws {
    guard arguments.operands.count == 2 else {
      throw UsageError("expected IN and OUT.nnq, got \(arguments.operands.count) operands")
    }
    self.log = log
    var options = try ConvertOptions(arguments)
    let rules = try PreprocessingOptions(arguments)
    let force = arguments.has("force")
    sourcePath = arguments.operands[0]
    let isDryRun = arguments.has("dry-run")
    output = try OutputFile(arguments.operands[1], replacing: force || isDryRun)
    reportFile = try arguments.value("report").map { path throws(CommandError) in try OutputFile(path, replacing: force) }
    planFile = try arguments.value("write-plan").map { path throws(CommandError) in try OutputFile(path, replacing: force) }
    planPath = arguments.value("plan")
    try Self.requireApart(source: sourcePath, output, [("report", reportFile), ("write-plan", planFile)])
    let source = try SourceNet(path: sourcePath, options: try arguments.importOptions())
    self.source = source
    let inputs = source.netInputs(layout: rules.layout)
    options.preprocessing = try rules.preprocessing(of: inputs[0], stored: source.preprocessing)
    options.labels = try arguments.value("labels").map { try Self.labels($0, of: source.graph) } ?? source.labels
    options.provenance = options.provenance(source: source, arguments)
    let samples = try Self.samples(arguments, inputs, source, options)
    self.samples = samples
    options.expectedClasses = try arguments.value("expect").map { try Self.expectedClasses($0, sampleCount: samples.count) }
    if options.preprocessing == nil { options.preprocessing = (samples as? FileSamples)?.impliedPreprocessing }
    self.options = options
    writerOptions =
      arguments.has("best")
      ? WriterOptions(effort: .best, threads: options.threads, compressor: Zopfli.zlibStream) : WriterOptions(threads: options.threads)
    printing = Printing(isJSON: arguments.has("json"), isExplaining: arguments.has("explain"), isDryRun: isDryRun)
  }

  func run() throws {
    if printing.isExplaining { log.note(source.explanation) }
    if samples is SyntheticSamples && options.needsSamples {
      log.warning("no --calib: ranges come from synthetic samples, accuracy on real ones may be lost; check it with nnrun --expect")
    }
    var stages = StageProgress(log: log)
    var conversion = try convert { stages.show($0) }
    stages.finish()
    // Spec: format.md 4.3, F24.
    conversion.file.unknownSections = source.unknownSections
    let bytes = try conversion.file.encoded(writerOptions)
    let summary = ConversionSummary(
      report: conversion.report, source: sourcePath, sourceByteCount: source.byteCount, output: output.path, outputByteCount: bytes.count)
    if !printing.isDryRun { try output.write(bytes) }
    try planFile?.write(Array((conversion.plan.json.indented + "\n").utf8))
    try reportFile?.write(Array((summary.json.indented + "\n").utf8))
    print(printing.isJSON ? summary.json.line : summary.text(isExplaining: printing.isExplaining).printable)
  }

  /// What integer graphs cannot express is said all at once.
  private func convert(_ progress: @escaping (Converter.Progress) -> Void) throws -> Converter.Conversion {
    do {
      return try Converter(options: options, samples: samples, progress: progress).convert(source.graph)
    } catch let error as ConvertError where error.code == .unsupported {
      let all = Converter.refusals(of: source.graph)
      throw CommandError(.badData, RefusalList(all.isEmpty ? [error] : all).message(file: sourcePath))
    } catch let error as ConvertError where error.code == .badPlan {
      throw CommandError(.badData, "\(planPath ?? "plan"): \(error)")
    }
  }

  /// Nothing that is read or written may be replaced.
  private static func requireApart(source: String, _ output: OutputFile, _ others: [(option: String, file: OutputFile?)]) throws(UsageError)
  {
    if output.isSamePlace(as: source) { throw UsageError("OUT.nnq: got \(output.path), which is the net to convert") }
    var taken = [(output.path, "is to hold the model"), (source, "is the net to convert")]
    for case (let option, let file?) in others {
      for (path, use) in taken where file.isSamePlace(as: path) { throw UsageError("--\(option): got \(file.path), which \(use)") }
      taken.append((file.path, "is to hold what --\(option) writes"))
    }
  }

  private static func labels(_ path: String, of graph: FloatGraph) throws(InputError) -> [String] {
    try readClassNames(path, forOutput: graph.outputs.first.map { graph.values[$0].shape } ?? [])
  }

  private static func expectedClasses(_ path: String, sampleCount: Int) throws(InputError) -> [Int] {
    let classes = try readLabels(path)
    guard classes.count == sampleCount else {
      throw InputError(.mismatch, path, "labels", got: "\(classes.count)", expected: "\(sampleCount), one for each sample")
    }
    return classes
  }

  private static func samples(
    _ arguments: ParsedArguments, _ inputs: [NetInput], _ source: SourceNet, _ options: ConvertOptions
  ) throws -> any CalibrationSamples {
    let paths = arguments.values("calib")
    guard paths.isEmpty else { return try FileSamples(paths, inputs: inputs, preprocessing: options.preprocessing) }
    return SyntheticSamples(
      shapes: source.graph.inputs.map { source.graph.values[$0].shape }, indexCounts: source.graph.indexCounts,
      range: options.preprocessing?.valueRange ?? 0...1,
      seed: options.seed)
  }
}

/// A bar for each stage of a conversion.
struct StageProgress {
  private let log: Log
  private var bar: Progress?
  private var stage: Converter.Progress.Stage?

  init(log: Log) { self.log = log }

  mutating func show(_ progress: Converter.Progress) {
    if progress.stage != stage {
      bar?.finish()
      bar = Progress(progress.stage.rawValue, total: progress.total, log: log)
      stage = progress.stage
    }
    bar?.advance()
  }

  func finish() { bar?.finish() }
}

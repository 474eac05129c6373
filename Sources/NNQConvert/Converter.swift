import NNQFloat
import NNQFormat
import NNQGraph
import NNQRuntime

/// A float net becomes a `.nnq` model:
/// simplify -> cut into layers -> equalise channels -> calibrate -> fix the grids -> choose what goes -> prune and round layer by
/// layer -> lower -> measure.
///
/// The same net, samples, options and version give the same model on every CPU and with every number of threads: float sums
/// have one order (NNQFloat), samples are merged in order, and everything after them is integers or double precision.
public struct Converter {
  /// A stage of the work with how far it is.
  public struct Progress: Equatable, Sendable {
    public enum Stage: String, Sendable { case calibrate, probe, sweep, measure }
    public var stage: Stage
    public var done: Int
    public var total: Int
  }

  public struct Conversion: Sendable {
    public var file: ModelFile
    public var report: ConversionReport
    /// What was done with each layer. The same net and samples with this plan give the same model.
    public var plan: ConversionPlan
  }

  let options: ConvertOptions
  let samples: any CalibrationSamples
  let progress: (Progress) -> Void

  /// - Parameters:
  ///   - samples: `SyntheticSamples` where there are no real ones.
  ///   - progress: called on the calling thread.
  public init(options: ConvertOptions, samples: any CalibrationSamples, progress: @escaping (Progress) -> Void = { _ in }) {
    self.options = options
    self.samples = samples
    self.progress = progress
  }

  /// - Throws: `ConvertError` for what integers cannot express or options that do not fit; what `samples` throws.
  public func convert(_ source: FloatGraph) throws -> Conversion {
    var graph = source
    var report = ConversionReport()
    report.simplifications = graph.simplify()
    try graph.requireFiniteConstants()
    try requireFittingClasses()
    report.samples = samples.summary
    report.isCalibrated = !(samples is SyntheticSamples)
    var net = LayerGraph(graph)
    try options.plan.requireFit(to: net)
    let executor = try FloatExecutor(graph, kernels: options.isa)
    if options.prunePattern == .filters {
      let weightCount = net.weightCount
      net = try withoutFilters(net, executor)
      report.removedCount = weightCount - net.weightCount
    }
    var conversion =
      options.bits == 32
      ? try convertToFloat(net, executor, report) : try convertToIntegers(net, executor, report)
    annotate(&conversion.file)
    return conversion
  }

  func annotate(_ file: inout ModelFile) {
    file.labels = options.labels
    file.preprocessing = options.preprocessing
    file.provenance = options.provenance.isEmpty ? nil : options.provenance
  }

  // MARK: Integer models

  /// What does not depend on how much is removed.
  struct Preparation {
    let source: LayerGraph
    /// Its channels brought closer to each other, changes of width as layers of their own.
    let net: LayerGraph
    let executor: FloatExecutor
    let calibrator: Calibrator
    let ranges: [ClosedRange<Double>?]
    let widths: WidthSearch.Finding
    /// Measured when weights first go.
    var pruningCosts: [PruningCosts]?

    func plan(_ bits: WeightBits) -> QuantizationPlan { QuantizationPlan(net, ranges: ranges, wide: widths.wide, bits: bits) }
  }

  private func convertToIntegers(_ net: LayerGraph, _ executor: FloatExecutor, _ report: ConversionReport) throws -> Conversion {
    // Before anything that takes long.
    if let first = net.refusals.first { throw first }
    let bits = WeightBits(net, options)
    let step = try options.goal.map { try search($0, net, executor) } ?? CompressionStep(sparsity: options.weightSparsity, bits: bits)
    var preparation = try prepare(net, bits)
    var conversion = try build(&preparation, step, report)
    let measurement = try IntegerMeasurement(conversion.file, isa: options.isa)
    conversion.file.selfTest = try measurement.selfTest(seed: options.seed)
    conversion.report.agreement = try measureAgreement(executor) { try measurement.run($0) }
    return conversion
  }

  func prepare(_ source: LayerGraph, _ bits: WeightBits) throws -> Preparation {
    let net = try equalize(source)
    let executor = try FloatExecutor(net.graph, kernels: options.isa)
    let statistics = try collectStatistics(net, executor)
    let (calibrator, ranges) = try chooseRanges(net, executor, statistics, bits)
    var widths = try findWidths(net, executor, ranges, bits)
    widths.wide = options.plan.wideValues(net, found: widths.wide)
    let settled = net.separatingWidths(&widths.wide, bytewise: widths.bytewise.intersection(widths.wide))
    return Preparation(source: net, net: settled, executor: executor, calibrator: calibrator, ranges: ranges, widths: widths)
  }

  /// A model without self-test, and a report without agreement.
  func build(_ preparation: inout Preparation, _ step: CompressionStep, _ report: ConversionReport) throws -> Conversion {
    var net = preparation.net
    let plan = preparation.plan(step.bits)
    try net.requireFiniteGrids(plan)
    let outcome = try sweep(
      net, preparation.executor, (plan, step.bits), sparsity: step.sparsity, known: &preparation.pruningCosts)
    for (index, pruned) in outcome.weights { net.layers[index].weights = pruned }
    try net.requireFiniteBiases(outcome.rounded)
    var lowering = Lowering(net, plan: plan, weights: outcome.rounded)
    let graph = try lowering.run()
    var file = graph.modelFile
    file.preprocessing = options.preprocessing
    var report = report
    report.operators = ConversionReport.OperatorReport.list(graph)
    let noise = preparation.widths.noise
    report.layers = net.layers.enumerated().map { index, layer in
      ConversionReport.LayerReport(layer, in: net.graph, plan: plan, rounded: outcome.rounded[index], noise: noise[layer.output])
    }
    let done = (plan, preparation.calibrator, step.bits)
    return Conversion(
      file: file, report: report, plan: ConversionPlan(preparation.source, pruned: net, plan: done, options: options))
  }

  /// The calibrator that is asked for, or else the best one, and the ranges that it gives.
  private func chooseRanges(
    _ net: LayerGraph, _ executor: FloatExecutor, _ statistics: CalibrationStatistics, _ bits: WeightBits
  ) throws -> (Calibrator, [ClosedRange<Double>?]) {
    func finalRanges(_ calibrator: Calibrator) throws -> [ClosedRange<Double>?] {
      try net.withoutSaturatedEnds(net.withoutMaskedScores(ranges(of: net, statistics, calibrator)))
    }
    if let calibrator = options.calibrator ?? options.plan.calibrator(of: net) { return (calibrator, try finalRanges(calibrator)) }
    let choices = try RangeSearch.calibrators.map { ($0, try finalRanges($0)) }
    let search = RangeSearch(
      net: net, evaluator: LayerEvaluator(net, executor), outputNoise: OutputNoise(net), threads: options.threads)
    let plans = choices.map { QuantizationPlan(net, ranges: $0.1, bits: bits) }
    return choices[search.best(plans, try held(RangeSearch.sampleCount, of: net).arrays())]
  }

  /// Measured ranges; the first input's follows exactly from the preprocessing of 8-bit images.
  private func ranges(of net: LayerGraph, _ statistics: CalibrationStatistics, _ chosen: Calibrator) -> [ClosedRange<Double>?] {
    var ranges = net.graph.values.indices.map { value in
      statistics.histograms[value].map { options.calibrator(ofLayer: net.graph.values[value].name, chosen: chosen).range(of: $0) }
    }
    // Any row of a table may be looked up, whatever the samples do.
    for layer in net.layers where layer.operation == .gather {
      var histogram = Histogram()
      (net.graph.values[layer.inputs[1]].constant ?? []).withUnsafeBufferPointer { histogram.add($0) }
      ranges[layer.output] = options.calibrator(ofLayer: layer.name, chosen: chosen).range(of: histogram)
    }
    if let preprocessing = options.preprocessing, let input = net.graph.inputs.first {
      let range = preprocessing.valueRange
      ranges[input] = Double(range.lowerBound)...Double(range.upperBound)
    }
    return ranges
  }

  // MARK: Float models

  private func convertToFloat(_ net: LayerGraph, _ executor: FloatExecutor, _ report: ConversionReport) throws -> Conversion {
    var (pruned, report) = (try prune(net), report)
    report.layers = pruned.layers.map { ConversionReport.LayerReport($0, in: net.graph, plan: nil, rounded: nil, noise: nil) }
    pruned.graph.removeDeadNodes()
    pruned.graph.makeConstantNamesUnique()
    let plan = ConversionPlan(net, pruned: pruned, plan: nil, options: options)
    if options.prunes || options.expectedClasses != nil {
      let prunedExecutor = try FloatExecutor(pruned.graph, kernels: options.isa)
      report.agreement = try measureAgreement(executor) { try prunedExecutor.run(inputs: $0)[0] }
    }
    return Conversion(file: try pruned.graph.modelFile(), report: report, plan: plan)
  }

  // MARK: Stages

  /// The net without the share of weights that is asked for, the others refitted; the net as it is when none is.
  private func prune(_ net: LayerGraph) throws -> LayerGraph {
    guard options.prunes else { return net }
    var known: [PruningCosts]?
    let outcome = try sweep(net, FloatExecutor(net.graph, kernels: options.isa), nil, sparsity: options.weightSparsity, known: &known)
    return try net.taking(outcome)
  }

  private func sweep(
    _ net: LayerGraph, _ executor: FloatExecutor, _ plan: (grids: QuantizationPlan, bits: WeightBits)?, sparsity: Double,
    known: inout [PruningCosts]?
  ) throws -> NetSweep.Outcome {
    try requireSamples()
    let goal = try pruningGoal(net, sparsity: sparsity)
    let samples = try held(SampleWalk.sampleLimit(for: net), of: net)
    let groups = net.weightGroups(options.prunePattern)
    let pruning = Pruning(
      net: net, executor: executor, goal: goal, saliency: options.saliency, scope: options.pruneScope, groups: groups,
      threads: options.threads)
    let removals = try pruning.removals(samples, known: &known) { progress(Progress(stage: .probe, done: $0, total: $1)) }
    let walk = try SampleWalk(net, executor, samples: samples, threads: options.threads, hasReferences: !removals.isEmpty) {
      plan?.grids.grids[$0]?.simulate(&$1)
    }
    let outcome = try NetSweep(net: net, plan: plan, removals: removals, groups: groups).run(walk) {
      progress(Progress(stage: .sweep, done: $0, total: net.layers.count))
    }
    if let index = outcome.overflowing { throw ConvertError.overflow(at: net.layers[index].name) }
    return outcome
  }

  func pruningGoal(_ net: LayerGraph, sparsity: Double) throws(ConvertError) -> PruningGoal {
    try PruningGoal(
      net, sparsity: sparsity, isMeasured: options.measuresShares, share: { options.plan.layer(named: $0)?.share },
      isExcluded: { options.isExcluded(layer: $0) })
  }

  /// The net with the channels of its tensors brought closer to each other.
  private func equalize(_ net: LayerGraph) throws -> LayerGraph {
    let groups = ScalableGroups(net).groups(of: net)
    guard !groups.isEmpty else { return net }
    try requireSamples()
    let search = EqualizationSearch(net: net, isa: options.isa, groups: groups, threads: options.threads)
    return try search.best(held(EqualizationSearch.sampleCount, of: net))
  }

  /// So many samples, or all, evenly spaced.
  func held(_ limit: Int, of net: LayerGraph) throws -> HeldSamples {
    let count = min(samples.count, limit)
    // index * samples.count / count, which cannot overflow this way.
    let wanted = (0..<count).map { $0 * (samples.count / count) + $0 * (samples.count % count) / count }
    return try HeldSamples(samples, wanted, of: net.graph)
  }

  /// Which tensors hold 16 bits.
  private func findWidths(
    _ net: LayerGraph, _ executor: FloatExecutor, _ ranges: [ClosedRange<Double>?], _ bits: WeightBits
  ) throws -> WidthSearch.Finding {
    let numbers = zip(net.graph.inputs, net.graph.indexCounts).filter { $1 == nil }.map(\.0)
    let search = WidthSearch(
      net: net, plan: QuantizationPlan(net, ranges: ranges, bits: bits), evaluator: LayerEvaluator(net, executor),
      inputs: options.preprocessing == nil ? numbers : [], threads: options.threads)
    return search.run(try held(WidthSearch.sampleCount, of: net).arrays())
  }

  private func collectStatistics(_ net: LayerGraph, _ executor: FloatExecutor) throws -> CalibrationStatistics {
    try requireSamples()
    return try CalibrationStatistics.collect(net, executor, samples: samples, threads: options.threads) {
      progress(Progress(stage: .calibrate, done: $0, total: samples.count))
    }
  }

  func requireSamples() throws(ConvertError) {
    guard samples.count == 0 else { return }
    throw ConvertError(.badSample, at: "--calib", "there are no samples", remedy: "give a folder or file that holds some")
  }

  /// Streams the samples through the float net and `run`.
  func measureAgreement(_ executor: FloatExecutor, _ run: ([[Float]]) throws -> [Float]) throws -> Agreement {
    var agreement = Agreement()
    try samples.forEach(of: executor.graph, threads: options.threads) { _, inputs in
      (inputs, try executor.run(inputs: inputs)[0])
    } deliver: { index, sample in
      agreement.add(reference: sample.1, result: try run(sample.0), expected: options.expectedClasses?[index])
      progress(Progress(stage: .measure, done: index + 1, total: samples.count))
    }
    return agreement
  }

  /// Safe: `measureAgreement` indexes the classes by sample.
  private func requireFittingClasses() throws(ConvertError) {
    guard let classes = options.expectedClasses, classes.count != samples.count else { return }
    throw ConvertError(
      .badOption, at: "--expect", "it has \(classes.count) classes, there are \(samples.count) samples",
      remedy: "give one for each sample of --calib")
  }
}

extension FloatGraph {
  fileprivate func requireFiniteConstants() throws(ConvertError) {
    for value in values {
      guard let constant = value.constant, !constant.allSatisfy(\.isFinite) else { continue }
      throw ConvertError(.unsupported, at: value.name, "it holds NaN or infinity", remedy: "train or export the net again")
    }
  }
}

extension FloatExecutor {
  /// - Parameter isa: the best of this CPU if nil.
  init(_ graph: FloatGraph, kernels isa: ISA?) throws(FloatGraphError) {
    if let isa { try self.init(graph, isa: isa.code) } else { try self.init(graph) }
  }
}

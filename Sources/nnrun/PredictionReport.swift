import CommandLineSupport
import NNQInput
import NNQRuntime

/// What nnrun prints about the samples it ran.
struct PredictionReport {
  private let model: Model
  private let isRaw: Bool
  private let isJSON: Bool
  private let topK: Int
  private let labels: [String]?
  /// Nil unless the first output scores classes.
  private let scoresPort: PortDescription?
  private let listsSamples: Bool
  private var accuracy: Accuracy?
  private var results: [SampleResult] = []
  private var sampleCount = 0

  init(_ options: RunOptions, _ model: Model) throws {
    self.model = model
    isRaw = options.isRaw
    isJSON = options.isJSON
    topK = options.topK ?? 5
    labels = try options.labelsPath.map { try readClassNames($0, forOutput: model.outputs.first?.shape ?? []) } ?? model.labels
    scoresPort = model.outputs.first.flatMap { classCount(ofOutput: $0.shape) == nil ? nil : $0 }
    // Who asks for accuracy or for arrays wants no list of thousands of samples, unless he asks for it too.
    listsSamples = options.topK != nil || (options.expectPath == nil && options.outputPath == nil && options.dumps.isEmpty)
    accuracy = try options.expectPath.map { try Accuracy(labelsAt: $0) }
    guard scoresPort != nil || (accuracy == nil && options.topK == nil) else {
      throw UsageError("--expect and --top-k need a net whose first output is one score for each class")
    }
  }

  func expect(sampleCount: Int) throws(InputError) { try accuracy?.expect(sampleCount: sampleCount) }

  /// Takes the outputs of the session's last run.
  mutating func add(_ names: [String], _ session: Session) throws {
    sampleCount += names.count
    guard listsSamples || accuracy != nil else { return }
    let outputs = try session.floatOutputs()
    guard let scoresPort, let output = outputs[scoresPort.name] else {
      results += names.indices.map { SampleResult(name: names[$0], answer: summary(outputs, sample: $0, of: names.count)) }
      return
    }
    let scores = ClassScores(output)
    try accuracy?.add(scores, sampleCount: names.count)
    guard listsSamples else { return }
    results += names.indices.map { SampleResult(name: names[$0], answer: ranking(scores, sample: $0, scoresPort)) }
  }

  private func ranking(_ scores: ClassScores, sample: Int, _ port: PortDescription) -> SampleResult.Answer {
    .classes(
      scores.ranked(sample: sample, count: topK).map { index in
        let label = labels.flatMap { index < $0.count ? $0[index] : nil }
        return SampleResult.RankedClass(index: index, label: label, value: value(scores.score(sample: sample, class: index), port))
      })
  }

  private func summary(_ outputs: [String: FloatTensor], sample: Int, of count: Int) -> SampleResult.Answer {
    .outputs(
      model.outputs.compactMap { port in
        guard let output = outputs[port.name] else { return nil }
        let itemCount = output.values.count / count
        let values = output.values[sample * itemCount..<(sample + 1) * itemCount].map { value($0, port) }
        return SampleResult.OutputSummary(name: port.name, shape: Array(port.shape.dropFirst()), values: values)
      })
  }

  /// A real value, or the integer it stands for. Spec: operators.md 4, equation (12).
  private func value(_ real: Float, _ port: PortDescription) -> Double {
    isRaw ? Double((real / port.scale).rounded()) + Double(port.zeroPoint) : Double(real)
  }

  var output: String { isJSON ? json.line : text }

  private var text: String {
    var lines = results.map { $0.text(decimals: isRaw ? 0 : 4) }
    if let accuracy { lines.append(accuracy.text) }
    if lines.isEmpty { lines.append("\(sampleCount) samples") }
    return lines.joined(separator: "\n")
  }

  private var json: JSON {
    var members = [JSON.Member("schema", .integer(jsonSchema)), JSON.Member("sample_count", .integer(sampleCount))]
    members += accuracy?.members ?? []
    if listsSamples { members.append(JSON.Member("samples", .array(results.map(\.json)))) }
    return .object(members)
  }
}

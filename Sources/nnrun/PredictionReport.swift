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
  private var samples: [JSON] = []
  private var lines: [String] = []
  private var sampleCount = 0

  init(_ options: RunOptions, _ model: Model) throws {
    self.model = model
    isRaw = options.isRaw
    isJSON = options.isJSON
    topK = options.topK ?? 5
    labels = try options.labelsPath.map { try readTextLines($0) } ?? model.labels
    scoresPort = model.outputs.first.flatMap { ClassScores.describes($0) ? $0 : nil }
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
    if let scoresPort, let output = outputs[scoresPort.name] {
      let scores = ClassScores(output)
      try accuracy?.add(scores, sampleCount: names.count)
      guard listsSamples else { return }
      for (sample, name) in names.enumerated() { addRanking(name, scores, sample, scoresPort) }
    } else {
      for (sample, name) in names.enumerated() { addSummary(name, outputs, sample, of: names.count) }
    }
  }

  private mutating func addRanking(_ name: String, _ scores: ClassScores, _ sample: Int, _ port: PortDescription) {
    let classes = scores.ranked(sample: sample, count: topK)
    let values = classes.map { value(scores.score(sample: sample, class: $0), port) }
    let names = classes.map { index in labels.flatMap { index < $0.count ? $0[index] : nil } }
    if isJSON {
      let top = zip(classes, zip(values, names)).map { index, entry -> JSON in
        ["index": .integer(index), "label": entry.1.map(JSON.string) ?? .null, "value": .number(entry.0)]
      }
      samples.append(["name": .string(name), "top": .array(top)])
    } else {
      let rows = zip(classes, zip(values, names)).map { index, entry in
        ["  \(index)", isRaw ? fixed(entry.0, 0) : fixed(entry.0, 4), entry.1 ?? ""]
      }
      lines += [name, table(rows, right: [0, 1])]
    }
  }

  private mutating func addSummary(_ name: String, _ outputs: [String: FloatTensor], _ sample: Int, of count: Int) {
    if !isJSON { lines.append(name) }
    var summaries: [JSON] = []
    for port in model.outputs {
      guard let output = outputs[port.name] else { continue }
      let itemCount = output.values.count / count
      let values = output.values[sample * itemCount..<(sample + 1) * itemCount].map { value($0, port) }
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      let mean = values.reduce(0, +) / Double(max(1, values.count))
      let shape = port.shape.dropFirst()
      if isJSON {
        summaries.append([
          "name": .string(port.name), "shape": .array(shape.map(JSON.integer)), "min": .number(low), "max": .number(high),
          "mean": .number(mean),
        ])
      } else {
        lines.append("  \(port.name) \(shapeText(Array(shape))): \(fixed(low, 4)) to \(fixed(high, 4)), mean \(fixed(mean, 4))")
      }
    }
    if isJSON { samples.append(["name": .string(name), "outputs": .array(summaries)]) }
  }

  /// A real value, or the integer it stands for. Spec: operators.md 4, equation (12).
  private func value(_ real: Float, _ port: PortDescription) -> Double {
    isRaw ? Double((real / port.scale).rounded()) + Double(port.zeroPoint) : Double(real)
  }

  var result: String {
    guard isJSON else {
      return (lines + [accuracy?.text ?? (listsSamples ? nil : "\(sampleCount) samples")].compactMap { $0 }).joined(separator: "\n")
    }
    var members = [JSON.Member("schema", .integer(jsonSchema)), JSON.Member("sample_count", .integer(sampleCount))]
    members += accuracy?.members ?? []
    if listsSamples { members.append(JSON.Member("samples", .array(samples))) }
    return JSON.object(members).line
  }
}

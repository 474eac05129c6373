import CommandLineSupport
import NNQInput

/// What a net says about one sample, as text and as JSON.
struct SampleResult {
  struct RankedClass {
    var index: Int
    var label: String?
    var value: Double
  }

  /// Of an output that is no list of scores.
  struct OutputSummary {
    var name: String
    /// Of one sample.
    var shape: [Int]
    var low: Double
    var high: Double
    var mean: Double

    init(name: String, shape: [Int], values: [Double]) {
      self.name = name
      self.shape = shape
      low = values.min() ?? 0
      high = values.max() ?? 0
      mean = values.reduce(0, +) / Double(max(1, values.count))
    }
  }

  enum Answer {
    /// Best first.
    case classes([RankedClass])
    case outputs([OutputSummary])
  }

  var name: String
  var answer: Answer

  /// - Parameter decimals: of values: 0 for integers.
  func text(decimals: Int) -> String {
    switch answer {
    case .classes(let classes):
      let rows = classes.map { ["  \($0.index)", fixed($0.value, decimals), $0.label ?? ""] }
      return name + "\n" + table(rows, right: [0, 1])
    case .outputs(let outputs):
      let lines = outputs.map { output in
        "  \(output.name) \(shapeText(output.shape)): \(fixed(output.low, decimals)) to \(fixed(output.high, decimals)), "
          + "mean \(fixed(output.mean, 4))"
      }
      return ([name] + lines).joined(separator: "\n")
    }
  }

  var json: JSON {
    switch answer {
    case .classes(let classes):
      let top = classes.map {
        ["index": .integer($0.index), "label": $0.label.map(JSON.string) ?? .null, "value": .number($0.value)] as JSON
      }
      return ["name": .string(name), "top": .array(top)]
    case .outputs(let outputs):
      let summaries = outputs.map { output -> JSON in
        [
          "name": .string(output.name), "shape": .array(output.shape.map(JSON.integer)), "min": .number(output.low),
          "max": .number(output.high), "mean": .number(output.mean),
        ]
      }
      return ["name": .string(name), "outputs": .array(summaries)]
    }
  }
}

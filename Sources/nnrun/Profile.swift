import CommandLineSupport
import NNQRuntime

/// Times each step of one inference on one thread.
func printProfile(_ options: RunOptions) throws {
  let loaded = try LoadedModel(options)
  for (index, values) in try loaded.firstSample(options).enumerated() {
    try values.withUnsafeBufferPointer { try loaded.session.quantizeInput(index, from: $0) }
  }
  for _ in 0..<options.warmup { loaded.session.runInPlace() }
  let steps = loaded.session.profile(runs: options.runs)
  let profile = Profile(steps: steps, peak: options.isa.measurePeak(), isa: options.isa, runs: options.runs)
  print(options.isJSON ? profile.json.line : profile.text.printable)
}

private struct Profile {
  let steps: [ProfiledStep]
  /// Multiply-accumulates a nanosecond that the core could do.
  let peak: Double
  let isa: ISA
  let runs: Int

  private var total: Double { max(1, steps.reduce(0) { $0 + $1.nanoseconds }) }
  private var macRate: Double { Double(steps.reduce(0) { $0 + $1.macCount }) / total }

  var json: JSON {
    let rows = steps.map { step -> JSON in
      [
        "node": .string(step.node), "operation": .string(step.operation), "kernel": .string(step.kernel),
        "weights": step.weights.map { .string($0.rawValue) } ?? .null, "min_us": .number(Double(step.minNanoseconds) / 1e3),
        "median_us": .number(step.nanoseconds / 1e3), "share": .number(step.nanoseconds / total), "macs": .integer(step.macCount),
        "gmac_per_s": .number(step.macRate), "peak_share": .number(step.macRate / peak), "bytes": .integer(step.byteCount),
        "gb_per_s": .number(step.byteRate),
      ]
    }
    return [
      "schema": .integer(jsonSchema), "isa": .string(isa.name), "runs": .integer(runs), "total_us": .number(total / 1e3),
      "gmac_per_s": .number(macRate), "peak_gmac_per_s": .number(peak), "steps": .array(rows),
    ]
  }

  var text: String {
    var rows = [["node", "operation", "kernel", "weights", "us", "min us", "%", "MMAC", "GMAC/s", "% of peak", "KB", "GB/s"]]
    for step in steps {
      let multiplies = step.macCount > 0
      rows.append([
        step.node, step.operation, step.kernel, step.weights?.rawValue ?? "", fixed(step.nanoseconds / 1e3, 2),
        fixed(Double(step.minNanoseconds) / 1e3, 2), fixed(100 * step.nanoseconds / total, 1),
        multiplies ? fixed(Double(step.macCount) / 1e6, 3) : "", multiplies ? fixed(step.macRate, 1) : "",
        multiplies ? fixed(100 * step.macRate / peak, 1) : "", fixed(Double(step.byteCount) / 1e3, 1), fixed(step.byteRate, 1),
      ])
    }
    let summary =
      "\(isa), one thread, median of \(runs) runs: \(fixed(total / 1e3, 2)) us in \(steps.count) steps, \(fixed(macRate, 1)) GMAC/s, "
      + "\(fixed(100 * macRate / peak, 1)) % of the \(fixed(peak, 1)) that this core does on registers alone"
    return table(rows, right: Set(4..<rows[0].count)) + "\n" + summary
  }
}

extension ProfiledStep {
  fileprivate var nanoseconds: Double { Double(max(1, medianNanoseconds)) }
  /// A nanosecond.
  fileprivate var macRate: Double { Double(macCount) / nanoseconds }
  fileprivate var byteRate: Double { Double(byteCount) / nanoseconds }
}

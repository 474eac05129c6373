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
  print(options.isJSON ? json(steps, options).line : text(steps, options))
}

private func json(_ steps: [ProfiledStep], _ options: RunOptions) -> JSON {
  let rows = steps.map { step -> JSON in
    [
      "node": .string(step.node), "operation": .string(step.operation), "kernel": .string(step.kernel),
      "min_us": .number(Double(step.minNanoseconds) / 1e3), "median_us": .number(Double(step.medianNanoseconds) / 1e3),
      "macs": .integer(step.macCount), "bytes": .integer(step.byteCount),
    ]
  }
  return ["schema": .integer(jsonSchema), "isa": .string(options.isa.name), "runs": .integer(options.runs), "steps": .array(rows)]
}

private func text(_ steps: [ProfiledStep], _ options: RunOptions) -> String {
  let total = max(1, steps.reduce(0) { $0 + $1.medianNanoseconds })
  var rows = [["node", "operation", "kernel", "us", "min us", "%", "GMAC/s", "GB/s"]]
  for step in steps {
    let nanoseconds = Double(max(1, step.medianNanoseconds))
    rows.append([
      step.node, step.operation, step.kernel, fixed(nanoseconds / 1e3, 2), fixed(Double(step.minNanoseconds) / 1e3, 2),
      fixed(100 * nanoseconds / Double(total), 1), fixed(Double(step.macCount) / nanoseconds, 1),
      fixed(Double(step.byteCount) / nanoseconds, 1),
    ])
  }
  let summary = "\(options.isa), one thread, median of \(options.runs) runs: \(fixed(Double(total) / 1e3, 2)) us in \(steps.count) steps"
  return table(rows, right: [3, 4, 5, 6, 7]) + "\n" + summary
}

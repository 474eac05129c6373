import CommandLineSupport
import NNQRuntime

/// Times of one inference: real input in memory, quantised, run, dequantised into memory. Nothing is allocated meanwhile.
struct Benchmark {
  private let session: Session
  private let inputs: [[Float]]
  private var outputs: [[Float]]

  /// - Parameter inputs: one sample's values for each input of the model.
  init(_ session: Session, inputs: [[Float]]) {
    self.session = session
    self.inputs = inputs
    outputs = session.model.outputs.map { [Float](repeating: 0, count: $0.shape.reduce(1, *)) }
  }

  /// - Returns: milliseconds of each run, ascending: at least `runs` of them and `minSeconds` in all.
  mutating func measure(warmup: Int, runs: Int, minSeconds: Double) throws(RuntimeError) -> [Double] {
    for _ in 0..<warmup { try inferOnce() }
    var times: [Double] = []
    times.reserveCapacity(max(runs, 1 << 20))
    let whole = Stopwatch()
    while times.count < runs || whole.milliseconds < minSeconds * 1e3 { times.append(try timeOnce()) }
    return times.sorted()
  }

  /// Milliseconds of one run.
  mutating func timeOnce() throws(RuntimeError) -> Double {
    let clock = Stopwatch()
    try inferOnce()
    return clock.milliseconds
  }

  private mutating func inferOnce() throws(RuntimeError) {
    for index in inputs.indices {
      try inputs[index].withUnsafeBufferPointer { (values) throws(RuntimeError) in try session.quantizeInput(index, from: values) }
    }
    session.runInPlace()
    for index in outputs.indices {
      try outputs[index].withUnsafeMutableBufferPointer { (values) throws(RuntimeError) in
        try session.dequantizeOutput(index, into: values)
      }
    }
  }
}

func printBenchmark(_ options: RunOptions, _ log: Log) throws {
  let loaded = try LoadedModel(options)
  var benchmark = Benchmark(loaded.session, inputs: try loaded.firstSample(options))
  let first = try benchmark.timeOnce()
  let times = try benchmark.measure(warmup: options.warmup, runs: options.runs, minSeconds: options.minSeconds)
  let percentiles = (min: times[0], median: times[times.count / 2], p90: times[times.count * 9 / 10])
  let arena = loaded.session.arenaByteCount
  if options.isJSON {
    let result: JSON = [
      "schema": .integer(jsonSchema), "min_ms": milliseconds(percentiles.min), "median_ms": milliseconds(percentiles.median),
      "p90_ms": milliseconds(percentiles.p90), "runs": .integer(times.count), "load_ms": milliseconds(loaded.loadMilliseconds),
      "first_ms": milliseconds(first), "threads": .integer(options.threads), "isa": .string(options.isa.name),
      "peak_arena_bytes": .integer(arena), "packed_bytes": .integer(loaded.model.packedByteCount), "batch": 1,
    ]
    print(result.line)
  } else {
    print(
      "one inference, float input to float output: min \(fixed(percentiles.min, 4)) ms, median \(fixed(percentiles.median, 4)) ms, "
        + "90 % within \(fixed(percentiles.p90, 4)) ms (\(times.count) runs)")
    print(
      "load \(fixed(loaded.loadMilliseconds, 2)) ms, first inference \(fixed(first, 2)) ms, \(options.threads) thread(s), \(options.isa), "
        + "activations \(arena) bytes, packed constants \(loaded.model.packedByteCount) bytes")
  }
}

/// Rounded to nanoseconds, which is what the clock gives.
private func milliseconds(_ value: Double) -> JSON { .number((value * 1e6).rounded() / 1e6) }

extension LoadedModel {
  /// The first sample of the command line, or invented values that use the whole range of each input.
  func firstSample(_ options: RunOptions) throws -> [[Float]] {
    guard !options.inputs.isEmpty else { return model.inputs.map(syntheticValues) }
    let inputs = ModelInputs(source: try self.inputs(options).source, ports: model.inputs, batch: 1)
    var reader = inputs.makeReader()
    guard let batch = try reader.next() else { throw CommandError(.badData, "\(options.inputs[0]): holds no sample") }
    return model.inputs.map { batch.tensors[$0.name]?.values ?? [] }
  }

  private func syntheticValues(_ port: PortDescription) -> [Float] {
    let range: ClosedRange<Int32> = port.elementType == .u8 ? 0...255 : -32768...32767
    return (0..<port.shape.reduce(1, *)).map { index in
      // Multiplicative hashing (2^32 divided by the golden ratio) scatters the values.
      let scattered = UInt32(truncatingIfNeeded: index) &* 2_654_435_769
      let integer = range.lowerBound + Int32(UInt64(scattered) * UInt64(range.count) >> 32)
      return port.scale * Float(integer - port.zeroPoint)
    }
  }
}

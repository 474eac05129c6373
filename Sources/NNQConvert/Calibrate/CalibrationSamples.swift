import NNQFloat

/// Where calibration samples come from. They are streamed several times, in the same order each time, and never all held.
public protocol CalibrationSamples: Sendable {
  var count: Int { get }
  /// What a person reads about the samples: "50 samples of photos/".
  var summary: String { get }
  /// Calls `body` with every sample: one array for each input of the float net, in its own layout.
  func forEach(_ body: ([[Float]]) throws -> Void) throws
}

extension CalibrationSamples {
  /// Streams the samples through `compute` on several threads and hands the results over in order. As many samples as there
  /// are threads are held at once.
  ///
  /// - Throws: `ConvertError.badSample` for one that does not fit the net's inputs.
  func forEach<Result: Sendable>(
    of graph: FloatGraph, threads: Int, compute: @Sendable (Int, [[Float]]) throws -> Result, deliver: (Int, Result) throws -> Void
  ) throws {
    var wave: [[[Float]]] = []
    var first = 0
    func finishWave() throws {
      let (samples, start) = (wave, first)
      try forEachSample(count: samples.count, threads: threads) { index in
        try compute(start + index, samples[index])
      } deliver: { index, result in
        try deliver(start + index, result)
      }
      first += samples.count
      wave = []
    }
    try forEach { sample in
      try sample.requireFit(to: graph, index: first + wave.count)
      wave.append(sample)
      if wave.count == threads { try finishWave() }
    }
    try finishWave()
  }
}

extension [[Float]] {
  /// As many arrays and elements as the net has, all finite.
  fileprivate func requireFit(to graph: FloatGraph, index: Int) throws(ConvertError) {
    let counts = graph.inputs.map { graph.values[$0].elementCount }
    guard map(\.count) == counts else {
      throw ConvertError(
        .badSample, at: "sample \(index)", "it has \(map(\.count)) elements, the inputs take \(counts)",
        remedy: "give samples of shape \(graph.inputs.map { graph.values[$0].shape })")
    }
    guard allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      throw ConvertError(.badSample, at: "sample \(index)", "it holds NaN or infinity", remedy: "leave it out")
    }
    if let unknown = graph.firstUnknownIndex(in: self) {
      throw ConvertError(
        .badSample, at: "sample \(index)", "'\(graph.values[graph.inputs[unknown.input]].name)' holds \(unknown.element)",
        remedy: "give integers from 0 to \(unknown.count - 1), for the rows of the net's table")
    }
  }
}

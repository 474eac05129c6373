import NNQConvert
import NNQFloat

/// Calibration samples held in memory.
struct ArraySamples: CalibrationSamples {
  /// One array for each input and sample.
  let samples: [[[Float]]]

  /// Noise in -1...1.
  init(_ graph: FloatGraph, count: Int = 6) { samples = (0..<count).map { graph.randomInputs(seed: UInt64($0)) } }

  init(_ samples: [[[Float]]]) { self.samples = samples }

  var count: Int { samples.count }
  var summary: String { "\(count) arrays" }

  func forEach(_ body: ([[Float]]) throws -> Void) throws {
    for sample in samples { try body(sample) }
  }
}

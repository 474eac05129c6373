/// Some of the calibration samples.
struct SampleSubset: CalibrationSamples {
  let samples: any CalibrationSamples
  let isIncluded: @Sendable (_ index: Int) -> Bool

  var count: Int { (0..<samples.count).count(where: isIncluded) }
  var summary: String { samples.summary }

  func forEach(_ body: ([[Float]]) throws -> Void) throws {
    let stream = samples.forEach
    var index = 0
    try stream { sample in
      defer { index += 1 }
      if isIncluded(index) { try body(sample) }
    }
  }

  /// One of three samples measures, the others fit: on those a model looks better than it is. All do both where there are
  /// fewer.
  static func split(_ samples: any CalibrationSamples) -> (fitted: any CalibrationSamples, measured: any CalibrationSamples) {
    guard samples.count >= 3 else { return (samples, samples) }
    return (SampleSubset(samples: samples) { $0 % 3 != 2 }, SampleSubset(samples: samples) { $0 % 3 == 2 })
  }
}

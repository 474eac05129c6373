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

  static func split(
    _ samples: any CalibrationSamples, _ split: SampleSplit
  ) -> (fitted: any CalibrationSamples, measured: any CalibrationSamples) {
    guard split.isPossible(samples.count) else { return (samples, samples) }
    return (SampleSubset(samples: samples) { !split.isMeasured($0) }, SampleSubset(samples: samples) { split.isMeasured($0) })
  }
}

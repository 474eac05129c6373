import NNQConvert
import NNQFormat
import NNQInput

/// The files of `--calib` as calibration samples.
struct FileSamples: CalibrationSamples {
  let count: Int
  let summary: String
  /// What 8-bit samples without rules for them mean: pixels as they are. Nil for samples that are the net's own input.
  let impliedPreprocessing: Preprocessing?
  private let source: SampleSource
  private let preprocessing: Preprocessing?

  init(_ paths: [String], inputs: [NetInput], preprocessing: Preprocessing?) throws(InputError) {
    source = try SampleSource(paths, inputs: inputs, preprocessing: preprocessing)
    self.preprocessing = preprocessing
    count = try source.countSamples()
    summary = "\(count) samples of \(paths.joined(separator: ", "))"
    var reader = source.makeReader()
    let first = try reader.next()?.values.first
    impliedPreprocessing = if case .pixels(let pixels)? = first { .identity(channels: pixels.extent.channels) } else { nil }
  }

  func forEach(_ body: ([[Float]]) throws -> Void) throws {
    var reader = source.makeReader()
    while let sample = try reader.next() {
      try body(zip(source.inputs, sample.values).enumerated().map { index, part in real(part.1, of: part.0, isFirst: index == 0) })
    }
  }

  private func real(_ value: SampleValue, of input: NetInput, isFirst: Bool) -> [Float] {
    switch value {
    case .real(let values): return values
    case .pixels(let pixels):
      let rules = (isFirst ? preprocessing : nil) ?? .identity(channels: pixels.extent.channels)
      return pixels.normalized(mean: rules.mean, std: rules.std, layout: input.layout)
    }
  }
}

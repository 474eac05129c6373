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

  /// - Throws: `unsupported` if the first input is 8-bit samples of more channels than a model has rules for.
  init(_ paths: [String], inputs: [NetInput], preprocessing: Preprocessing?) throws(InputError) {
    source = try SampleSource(paths, inputs: inputs, preprocessing: preprocessing)
    count = try source.countSamples()
    summary = "\(count) samples of \(paths.joined(separator: ", "))"
    var reader = source.makeReader()
    guard let first = try reader.next(), case .pixels(let pixels)? = first.values.first else {
      impliedPreprocessing = nil
      return
    }
    let channels = pixels.extent.channels
    guard channels <= 4 else {
      throw InputError(
        .unsupported, first.name, "8-bit samples", got: "\(channels) channels", expected: "1 to 4",
        remedy: "save the net's own input as float32")
    }
    impliedPreprocessing = .identity(channels: channels)
  }

  func forEach(_ body: ([[Float]]) throws -> Void) throws {
    var reader = source.makeReader()
    while let sample = try reader.next() {
      let inputs = source.realInputs(of: sample)
      // The converter refuses it too, but does not know its name.
      guard inputs.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
        throw InputError(.mismatch, sample.name, "it holds NaN or infinity", remedy: "leave it out")
      }
      try body(inputs)
    }
  }
}

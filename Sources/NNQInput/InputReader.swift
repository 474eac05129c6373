/// The values of one input, file after file.
struct InputReader {
  let input: NetInput
  var files: ArraySlice<SourceFile>
  let preparation: PixelPreparation?
  let limits: InputLimits
  private var batch: Batch?

  /// An array of which samples are left.
  private struct Batch {
    let array: ArrayReader
    let split: SampleSplit
    var index = 0
  }

  init(input: NetInput, files: ArraySlice<SourceFile>, preparation: PixelPreparation?, limits: InputLimits) {
    self.input = input
    self.files = files
    self.preparation = preparation
    self.limits = limits
  }

  mutating func next() throws(InputError) -> (name: String, value: SampleValue)? {
    while true {
      if let sample = try nextOfBatch() { return sample }
      guard let file = files.popFirst() else { return nil }
      switch try file.open(for: input, limits: limits) {
      case .picture(let format, let file):
        return (file.name, try picture(format, file))
      case .array(let array):
        batch = Batch(array: array, split: try SampleSplit(array, for: input))
      }
    }
  }

  private func picture(_ format: ImageFormat, _ file: InputFile) throws(InputError) -> SampleValue {
    let pixels = try format.decode(try file.readAll(limits: limits), file: file.name, limits: limits)
    return .pixels(try prepared(pixels, file: file.name))
  }

  private mutating func nextOfBatch() throws(InputError) -> (name: String, value: SampleValue)? {
    guard var batch, batch.index < batch.split.batch ?? 1 else { return nil }
    let name = batch.split.batch == nil ? batch.array.name : "\(batch.array.name)[\(batch.index)]"
    let values = try batch.array.read(batch.split.itemElementCount)
    batch.index += 1
    self.batch = batch
    return (name, try value(values, batch.split.item, file: batch.array.name))
  }

  private func value(_ values: InputArray.Values, _ item: SampleSplit.Item, file: String) throws(InputError) -> SampleValue {
    switch (item, values) {
    case (.interleaved(let extent), .uint8(let samples)):
      return .pixels(try prepared(Pixels(extent: extent, samples: samples), file: file))
    case (.planar(let extent), .uint8(let samples)):
      return .pixels(try prepared(interleaved(samples, extent), file: file))
    default:
      return .real(InputArray(shape: input.shape, values: values).floats)
    }
  }

  private func prepared(_ pixels: Pixels, file: String) throws(InputError) -> Pixels {
    guard let preparation else {
      throw InputError(.mismatch, file, "a picture cannot be input \"\(input.name)\" of shape \(shapeText(input.shape))")
    }
    return try preparation.prepare(pixels, file: file, limits: limits)
  }

  private func interleaved(_ samples: [UInt8], _ extent: ImageExtent) -> Pixels {
    let plane = extent.height * extent.width
    let result = (0..<plane).flatMap { i in (0..<extent.channels).map { samples[$0 * plane + i] } }
    return Pixels(extent: extent, samples: result)
  }
}

import NNQFormat
import NNQInput
import NNQRuntime

/// Samples as a model takes them: several at a time, in the model's own order of axes.
struct ModelInputs {
  let source: SampleSource
  let ports: [PortDescription]
  /// Samples of a run, at most.
  let batch: Int

  struct Batch {
    var names: [String] = []
    var tensors: [String: FloatTensor]
  }

  /// Whether the first sample is a picture, or an array taken as one.
  func startsWithPixels() throws(InputError) -> Bool {
    var samples = source.makeReader()
    return if case .pixels? = try samples.next()?.values.first { true } else { false }
  }

  func makeReader() -> Reader { Reader(inputs: self, samples: source.makeReader()) }

  struct Reader {
    fileprivate let inputs: ModelInputs
    fileprivate var samples: SampleReader

    /// - Returns: nil after the last sample.
    mutating func next() throws(InputError) -> Batch? {
      var names: [String] = []
      var values = [[Float]](repeating: [], count: inputs.ports.count)
      while names.count < inputs.batch, let sample = try samples.next() {
        names.append(sample.name)
        for (index, part) in inputs.values(of: sample).enumerated() { values[index] += part }
      }
      guard !names.isEmpty else { return nil }
      var batch = Batch(names: names, tensors: [:])
      for (port, values) in zip(inputs.ports, values) {
        batch.tensors[port.name] = FloatTensor(shape: [names.count] + port.shape.dropFirst(), values: values)
      }
      return batch
    }
  }

  /// One sample's real values for each input of the model.
  private func values(of sample: Sample) -> [[Float]] {
    zip(source.realInputs(of: sample), zip(source.inputs, ports)).map { values, target in
      let (input, port) = target
      guard let extent = input.extent else { return values }
      return reordered(values, extent, from: input.layout, to: port.layout)
    }
  }
}

import NNQFormat

/// The samples that a command line names: one after the other, in constant memory, as often as wanted.
///
/// Pictures and arrays of bytes come out as pixels of the input's size and colours, other arrays as the net's own input.
/// Several files follow each other; for a net of several inputs each input has its own files, which are read in step.
package struct SampleSource: Sendable {
  package let inputs: [NetInput]
  /// For each input that can be a picture.
  fileprivate let preprocessing: [Preprocessing?]
  fileprivate let files: [[SourceFile]]
  fileprivate let limits: InputLimits

  /// - Parameters:
  ///   - operands: files, folders, "-", each perhaps as "name=PATH" with the name of an input. A net of several inputs takes
  ///     a plain operand only if it is an .npz with an array for each input.
  ///   - preprocessing: how 8-bit pixels become the first input. Other inputs take them as 0...255.
  /// - Throws: `mismatch` if the preprocessing is for another number of channels; `missing` for a folder without samples.
  package init(
    _ operands: [String], inputs: [NetInput], preprocessing: Preprocessing?, limits: InputLimits = InputLimits()
  ) throws(InputError) {
    self.inputs = inputs
    self.limits = limits
    self.preprocessing = inputs.enumerated().map { index, input in
      input.extent.map { (index == 0 ? preprocessing : nil) ?? .identity(channels: $0.channels) }
    }
    for (input, rules) in zip(inputs, self.preprocessing) {
      guard let rules, let channels = input.extent?.channels, rules.mean.count != channels || rules.std.count != channels else { continue }
      throw InputError(
        .mismatch, "input \"\(input.name)\"", "preprocessing", got: "\(rules.mean.count) channels", expected: "\(channels)")
    }
    var files = [[SourceFile]](repeating: [], count: inputs.count)
    for operand in operands {
      let (targets, path) = SampleSource.split(operand, inputs: inputs)
      for file in isFolder(path) ? try sampleFiles(inFolder: path) : [path] {
        let source = try SourceFile(path: file, isShared: targets.count > 1, limits: limits)
        for target in targets { files[target].append(source) }
      }
    }
    self.files = files
  }

  /// "name=PATH" when the name is that of an input; any other operand is a path and stands for all inputs.
  private static func split(_ operand: String, inputs: [NetInput]) -> (targets: Range<Int>, path: String) {
    if let equals = operand.firstIndex(of: "="), let target = inputs.firstIndex(where: { $0.name == operand[..<equals] }) {
      return (target..<target + 1, String(operand[operand.index(after: equals)...]))
    }
    return (inputs.indices, operand)
  }

  fileprivate func preparation(of index: Int) -> PixelPreparation? {
    guard let extent = inputs[index].extent, let rules = preprocessing[index] else { return nil }
    return PixelPreparation(target: extent, colorOrder: rules.colorOrder, resize: rules.resize)
  }

  /// The net's own inputs: pixels normalised, in the axis order of `NetInput.shape`.
  package func realInputs(of sample: Sample) -> [[Float]] {
    sample.values.indices.map { index in
      switch sample.values[index] {
      case .real(let values): return values
      case .pixels(let pixels):
        let rules = preprocessing[index] ?? .identity(channels: pixels.extent.channels)
        return pixels.normalized(mean: rules.mean, std: rules.std, layout: inputs[index].layout)
      }
    }
  }

  /// Starts from the first sample.
  package func makeReader() -> SampleReader { SampleReader(self) }

  /// The number of samples, from the headers of the files alone.
  package func countSamples() throws(InputError) -> Int {
    var count = 0
    for file in files[0] {
      switch try file.open(for: inputs[0], limits: limits) {
      case .picture: count += 1
      case .array(let array): count += try SampleSplit(array, for: inputs[0]).batch ?? 1
      }
    }
    return count
  }
}

/// Reads the samples of a source once, from the first to the last.
package struct SampleReader {
  private var parts: [InputReader]

  init(_ source: SampleSource) {
    parts = source.inputs.indices.map { i in
      InputReader(
        input: source.inputs[i], files: source.files[i][...], preparation: source.preparation(of: i), limits: source.limits)
    }
  }

  /// - Returns: nil after the last sample.
  /// - Throws: `mismatch` if one input has more samples than another; all that reading a file can throw.
  package mutating func next() throws(InputError) -> Sample? {
    var sample: Sample?
    for index in parts.indices {
      guard let (name, value) = try parts[index].next() else {
        guard let sample else { continue }
        throw InputError(.mismatch, sample.name, "input \"\(parts[index].input.name)\" has fewer samples than \"\(parts[0].input.name)\"")
      }
      guard index == 0 || sample != nil else {
        throw InputError(.mismatch, name, "input \"\(parts[index].input.name)\" has more samples than \"\(parts[0].input.name)\"")
      }
      if sample == nil { sample = Sample(name: name, values: []) }
      sample?.values.append(value)
    }
    return sample
  }
}

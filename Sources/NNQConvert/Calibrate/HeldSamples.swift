import NNQFloat

/// Some of the calibration samples, in a scratch file.
struct HeldSamples: Sendable {
  let file: ScratchFile
  /// The inputs of the net, in order.
  private let inputs: [StoredActivation]
  /// Which samples of the inputs these are.
  private var indices: [Int]

  var count: Int { indices.count }

  /// - Parameters:
  ///   - samples: streamed once.
  ///   - wanted: their indices, ascending.
  init(_ samples: any CalibrationSamples, _ wanted: [Int], of graph: FloatGraph) throws {
    let file = try ScratchFile()
    let inputs = graph.inputs.map { file.activation(elementCount: graph.values[$0].elementCount, sampleCount: wanted.count) }
    var written = 0
    try samples.forEach(of: graph, threads: 1) {
      $1
    } deliver: { index, elements in
      guard written < wanted.count, wanted[written] == index else { return }
      for (input, elements) in zip(inputs, elements) { try input.write(elements, sample: written) }
      written += 1
    }
    (self.file, self.inputs, indices) = (file, inputs, Array(0..<written))
  }

  /// Those of them whose places are given.
  func subset(_ places: [Int]) -> HeldSamples {
    var subset = self
    subset.indices = places.map { indices[$0] }
    return subset
  }

  /// - Parameter measuredLimit: so many measure at most.
  func split(_ split: SampleSplit, measuredLimit: Int) -> (fitted: HeldSamples, measured: HeldSamples) {
    let isPossible = split.isPossible(count)
    return (
      subset((0..<count).filter { !isPossible || !split.isMeasured($0) }),
      subset(Array((0..<count).filter { !isPossible || split.isMeasured($0) }.prefix(measuredLimit)))
    )
  }

  func elements(ofInput input: Int, sample: Int) throws(ConvertError) -> [Float] { try inputs[input].read(sample: indices[sample]) }

  /// One array for each input.
  func arrays(of sample: Int) throws(ConvertError) -> [[Float]] {
    try inputs.map { (input) throws(ConvertError) in try input.read(sample: indices[sample]) }
  }

  /// The same for each sample.
  func arrays() throws(ConvertError) -> [[[Float]]] { try (0..<count).map { (sample) throws(ConvertError) in try arrays(of: sample) } }
}

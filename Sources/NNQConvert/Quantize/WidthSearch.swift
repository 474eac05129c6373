import NNQFloat

/// Finds the tensors for which 8 bits are too few, by what they do to the net's outputs.
///
/// The error of a tensor is measured on the float net: what operators could read as 16 bits is rounded to 8, all else stays
/// float, and the layers that depend on it run again. Errors of different tensors are independent noise, so that their powers
/// add. The worst tensors get 16 bits until the others together add no more noise to the outputs than the tensors that can
/// have only 8 bits: three decibels.
struct WidthSearch {
  let net: LayerGraph
  /// With 8 bits for all that is not wide anyway.
  let plan: QuantizationPlan
  let evaluator: LayerEvaluator
  let threads: Int

  /// Enough, as each has thousands of elements.
  static let sampleCount = 2
  /// Candidates beyond so many are measured several at a time: the work is that of as many runs of the net.
  static let measurementCount = 32
  /// Relative power of the noise that nobody notices: 40 dB below the outputs.
  static let harmlessNoise = 1e-4
  /// That of an output which became infinite.
  static let largestNoise = 1e9

  struct Finding {
    /// Values, one of each group.
    var wide: Set<Int> = []
    /// By value, of each candidate: relative power of the noise that 8 bits add to the outputs.
    var noise: [Int: Double] = [:]
  }

  /// - Parameter samples: one array for each input of the net.
  func run(_ samples: [[[Float]]]) -> Finding {
    let rounding = NarrowReads(net)
    var finding = Finding(wide: rounding.groups.freelyWide(net))
    guard !rounding.candidates.isEmpty else { return finding }
    let exact = parallelMap(samples.count, threads: threads) { values(samples[$0]) }
    let fixed = noise(of: rounding.fixed, exact)
    let limit = max(fixed, Self.harmlessNoise)
    guard noise(of: rounding.all, exact) > 2 * limit else { return finding }
    let batches = rounding.candidates.batches(count: Self.measurementCount)
    let measured = parallelMap(batches.count, threads: threads) { noise(of: rounding.reads(of: batches[$0]), exact) }
    var remaining = measured.reduce(0, +)
    for index in batches.indices.sorted(by: { (measured[$0], $1) > (measured[$1], $0) }) {
      for candidate in batches[index] { finding.noise[candidate] = measured[index] / Double(batches[index].count) }
      guard remaining > limit else { continue }
      finding.wide.formUnion(batches[index])
      remaining -= measured[index]
    }
    return finding
  }

  /// Every value of the float net.
  private func values(_ sample: [[Float]]) -> [Int: [Float]] {
    var values = Dictionary(uniqueKeysWithValues: zip(net.graph.inputs, sample))
    for layer in net.layers { values[layer.output] = evaluator.output(of: layer) { values[$0] } }
    return values
  }

  /// Power of the noise that some reads, rounded to 8 bits, add to the outputs, relative to the outputs; the sum over outputs.
  private func noise(of reads: Set<NarrowReads.Read>, _ exact: [[Int: [Float]]]) -> Double {
    let rounded = exact.map { outputs(reads, $0) }
    return net.graph.outputs.indices.reduce(0) { sum, output in
      var (noise, signal) = (0.0, 0.0)
      for (sample, values) in exact.enumerated() {
        for (expected, got) in zip(values[net.graph.outputs[output]] ?? [], rounded[sample][output]) {
          signal += Double(expected) * Double(expected)
          noise += (Double(expected) - Double(got)) * (Double(expected) - Double(got))
        }
      }
      guard signal > 0 else { return sum }
      return sum + (noise / signal < Self.largestNoise ? noise / signal : Self.largestNoise)
    }
  }

  /// The outputs with some reads rounded; only layers that depend on one are run.
  private func outputs(_ reads: Set<NarrowReads.Read>, _ exact: [Int: [Float]]) -> [[Float]] {
    var changed: [Int: [Float]] = [:]
    for (index, layer) in net.layers.enumerated() {
      var operands: [Int: [Float]] = [:]
      for value in layer.operands {
        operands[value] = rounded(value, reads, at: index, changed[value], exact)
      }
      guard !operands.isEmpty else { continue }
      changed[layer.output] = evaluator.output(of: layer) { operands[$0] ?? exact[$0] }
    }
    return net.graph.outputs.map { rounded($0, reads, at: net.layers.count, changed[$0], exact) ?? exact[$0] ?? [] }
  }

  /// What a layer reads in place of the exact value; nil for that.
  private func rounded(
    _ value: Int, _ reads: Set<NarrowReads.Read>, at layer: Int, _ changed: [Float]?, _ exact: [Int: [Float]]
  ) -> [Float]? {
    guard reads.contains(NarrowReads.Read(layer: layer, value: value)), var elements = changed ?? exact[value] else { return changed }
    plan.grid(value).simulate(&elements)
    return elements
  }
}

extension [Int] {
  /// Runs of neighbours, at most `count` of them.
  fileprivate func batches(count: Int) -> [[Int]] {
    let size = (self.count + count - 1) / count
    return stride(from: 0, to: self.count, by: Swift.max(size, 1)).map { Array(self[$0..<Swift.min($0 + size, self.count)]) }
  }
}

import NNQFloat

/// Finds the tensors for which 8 bits are too few, by what they do to the net's outputs.
///
/// The error of a tensor is measured on the float net: what operators could read as 16 bits is rounded to 8, all else stays
/// float, and the layers that depend on it run again. Errors of different tensors are independent noise, so that their powers
/// add. The worst tensors get 16 bits until the others together add little to the noise of the tensors that can have only 8 bits.
struct WidthSearch {
  let net: LayerGraph
  /// With 8 bits for all that is not wide anyway.
  let plan: QuantizationPlan
  let evaluator: LayerEvaluator
  let threads: Int
  private let outputNoise: OutputNoise

  /// Enough, as each has thousands of elements.
  static let sampleCount = 2
  /// What the noise of tensors that could hold 16 bits may add to that of the others: one decibel.
  static let audibleShare = 0.25
  /// Candidates beyond so many are measured several at a time: the work is that of as many runs of the net.
  static let measurementCount = 32
  /// Relative power of the noise that nobody notices: 40 dB below the outputs.
  static let harmlessNoise = 1e-4

  init(net: LayerGraph, plan: QuantizationPlan, evaluator: LayerEvaluator, threads: Int) {
    (self.net, self.plan, self.evaluator, self.threads) = (net, plan, evaluator, threads)
    outputNoise = OutputNoise(net)
  }

  struct Finding {
    var wide: Set<Int> = []
    /// By value, of each candidate: relative power of the noise that 8 bits add to the outputs.
    var noise: [Int: Double] = [:]
  }

  /// - Parameter samples: one array for each input of the net.
  func run(_ samples: [[[Float]]]) -> Finding {
    let rounding = NarrowReads(net)
    var finding = Finding(wide: rounding.groups.members(of: rounding.groups.freelyWide(net), in: net))
    guard !rounding.candidates.isEmpty else { return finding }
    let exact = parallelMap(samples.count, threads: threads) { values(samples[$0]) }
    let expected = exact.map { outputs([], $0) }
    @Sendable func noise(of reads: Set<NarrowReads.Read>) -> Double {
      outputNoise.relativePower(exact: expected, rounded: exact.map { outputs(reads, $0) })
    }
    let fixed = noise(of: rounding.fixed)
    let limit = max(fixed * Self.audibleShare, Self.harmlessNoise)
    guard noise(of: rounding.all) > fixed + limit else { return finding }
    let batches = rounding.candidates.batches(count: Self.measurementCount)
    let measured = parallelMap(batches.count, threads: threads) { noise(of: rounding.reads(of: batches[$0])) }
    var remaining = measured.reduce(0, +)
    for index in batches.indices.sorted(by: { (measured[$0], $1) > (measured[$1], $0) }) {
      for candidate in batches[index] { finding.noise[candidate] = measured[index] / Double(batches[index].count) }
      guard remaining > limit else { continue }
      finding.wide.formUnion(batches[index])
      remaining -= measured[index]
    }
    finding.wide = rounding.groups.members(of: finding.wide, in: net)
    return finding
  }

  /// Every value of the float net.
  private func values(_ sample: [[Float]]) -> [Int: [Float]] {
    var values = Dictionary(uniqueKeysWithValues: zip(net.graph.inputs, sample))
    for layer in net.layers { values[layer.output] = evaluator.output(of: layer) { values[$0] } }
    return values
  }

  /// The parts of the outputs with some reads rounded; only layers that depend on one are run.
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
    return outputNoise.parts.map { part, output in
      let elements = changed[part] ?? exact[part] ?? []
      return reads.contains(NarrowReads.Read(layer: net.layers.count, value: output)) ? rounded(elements, as: part) : elements
    }
  }

  /// What a layer reads in place of the exact value; nil for that.
  private func rounded(
    _ value: Int, _ reads: Set<NarrowReads.Read>, at layer: Int, _ changed: [Float]?, _ exact: [Int: [Float]]
  ) -> [Float]? {
    guard reads.contains(NarrowReads.Read(layer: layer, value: value)), let elements = changed ?? exact[value] else { return changed }
    return rounded(elements, as: value)
  }

  private func rounded(_ elements: [Float], as value: Int) -> [Float] {
    var elements = elements
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

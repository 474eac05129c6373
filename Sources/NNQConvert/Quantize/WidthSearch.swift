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
  /// Of the net, that may hold 16 bits: no pictures of 8.
  let inputs: [Int]
  let threads: Int
  private let outputNoise: OutputNoise

  /// Enough, as each has thousands of elements.
  static let sampleCount = 2
  /// What the noise of tensors that could hold 16 bits may add to that of the others: one decibel.
  static let audibleShare = 0.25
  /// Candidates beyond so many are measured several at a time: the work is that of as many runs of the net.
  static let measurementCount = 32
  /// Relative power of the noise in each part of the outputs beyond which convolutions read 16 bits where it comes from: a
  /// cosine of 0.99.
  static let tolerableNoise = 0.02
  /// Relative power of the noise that nobody notices: 40 dB below the outputs.
  static let harmlessNoise = 1e-4

  init(net: LayerGraph, plan: QuantizationPlan, evaluator: LayerEvaluator, inputs: [Int], threads: Int) {
    (self.net, self.plan, self.evaluator, self.inputs, self.threads) = (net, plan, evaluator, inputs, threads)
    outputNoise = OutputNoise(net)
  }

  struct Finding {
    var wide: Set<Int> = []
    /// Those of `wide` whose 16 bits convolutions and dense layers read too, at twice the cost.
    var bytewise: Set<Int> = []
    /// By value, of each candidate: relative power of the noise that 8 bits add to the outputs.
    var noise: [Int: Double] = [:]
  }

  /// - Parameter samples: one array for each input of the net.
  func run(_ samples: [[[Float]]]) -> Finding {
    let exact = parallelMap(samples.count, threads: threads) { values(samples[$0]) }
    let expected = exact.map { outputs([], $0) }
    let noise: @Sendable (Set<NarrowReads.Read>) -> Double = { reads in
      outputNoise.relativePower(exact: expected, rounded: exact.map { outputs(reads, $0) })
    }
    let bytewise = bytewiseGroups(noise)
    let rounding = NarrowReads(net, wide: bytewise)
    var wide = bytewise.union(rounding.groups.freelyWide(net))
    let fixed = noise(rounding.fixed)
    let limit = max(fixed * Self.audibleShare, Self.harmlessNoise)
    var measured: [(group: Int, noise: Double)] = []
    if !rounding.candidates.isEmpty, noise(rounding.all) > fixed + limit {
      measured = self.measured(rounding.candidates, rounding.reads, noise)
      wide.formUnion(worst(of: measured, excess: measured.reduce(-limit) { $0 + $1.noise }))
    }
    return Finding(
      wide: rounding.groups.members(of: wide, in: net), bytewise: rounding.groups.members(of: bytewise, in: net),
      noise: Dictionary(uniqueKeysWithValues: measured.map { ($0.group, $0.noise) }))
  }

  /// Groups that convolutions and dense layers should read as 16 bits: none in most nets.
  private func bytewiseGroups(_ noise: @Sendable (Set<NarrowReads.Read>) -> Double) -> Set<Int> {
    let rounding = NarrowReads(net, inputs: inputs)
    let limit = Self.tolerableNoise * Double(outputNoise.parts.count)
    let fixed = noise(rounding.fixed)
    guard fixed > limit else { return [] }
    let measured = self.measured(
      rounding.bytewise.keys.sorted(), { $0.reduce(into: []) { $0.formUnion(rounding.bytewise[$1] ?? []) } }, noise)
    // Noise need not add up where it is large: what each further group brings is measured.
    var (wide, remaining): (Set<Int>, [(wide: Set<Int>, noise: Double)]) = ([], [])
    for (group, _) in measured {
      wide.insert(group)
      remaining.append((wide, noise(NarrowReads(net, wide: wide).fixed)))
      if let last = remaining.last, last.noise <= limit / 2 { break }
    }
    let least = remaining.reduce(fixed) { min($0, $1.noise) }
    return remaining.first { $0.noise <= max(limit / 2, least * (1 + Self.audibleShare)) }?.wide ?? []
  }

  /// Noise of each group's reads, worst first; that of many groups together is shared equally.
  private func measured(
    _ groups: [Int], _ reads: ([Int]) -> Set<NarrowReads.Read>, _ noise: @Sendable (Set<NarrowReads.Read>) -> Double
  ) -> [(group: Int, noise: Double)] {
    let batches = groups.batches(count: Self.measurementCount)
    let batchReads = batches.map(reads)
    let powers = parallelMap(batches.count, threads: threads) { noise(batchReads[$0]) }
    let measured = zip(batches, powers).flatMap { batch, power in batch.map { (group: $0, noise: power / Double(batch.count)) } }
    return measured.sorted { ($0.noise, $1.group) > ($1.noise, $0.group) }
  }

  /// As many groups as it takes to remove so much noise.
  private func worst(of measured: [(group: Int, noise: Double)], excess: Double) -> [Int] {
    var excess = excess
    return measured.prefix { _, noise in
      defer { excess -= noise }
      return excess > 0
    }.map(\.group)
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

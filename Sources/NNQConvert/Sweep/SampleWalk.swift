import NNQFloat
import Synchronization

/// Runs a net layer by layer over several samples at the same time, so that a pass can change a layer's weights by what the
/// layers before it, already changed, give on every sample.
///
/// What later layers read of every sample is held in a scratch file, so the samples are a bounded subset (`sampleLimit`).
struct SampleWalk: Sendable {
  let net: LayerGraph
  let evaluator: LayerEvaluator
  let threads: Int
  let sampleCount: Int
  private let file: ScratchFile
  private let lastUses: [Int: Int]
  /// Puts an activation on the grid it will have; leaves it alone in a float net.
  private let settle: @Sendable (_ value: Int, _ elements: inout [Float]) -> Void
  /// Activations that later layers read, by value index.
  private var frontier: [Int: StoredActivation] = [:]
  /// The same values as the float net gives them, if anybody asked for them.
  private var references: [Int: StoredActivation] = [:]
  private let hasReferences: Bool

  /// How many samples are held: 256, or as many as have room for four of the largest activations in 2 GiB, but at least 8.
  static func sampleLimit(for net: LayerGraph) -> Int {
    let largest = net.layers.map { net.graph.values[$0.output].elementCount }.max() ?? 1
    return min(256, max(8, (1 << 31) / (largest * 4 * MemoryLayout<Float>.size)))
  }

  init(
    _ net: LayerGraph, _ executor: FloatExecutor, samples: HeldSamples, threads: Int, hasReferences: Bool = false,
    settle: @escaping @Sendable (Int, inout [Float]) -> Void = { _, _ in }
  ) throws(ConvertError) {
    self.net = net
    evaluator = LayerEvaluator(net, executor)
    self.threads = threads
    self.settle = settle
    sampleCount = samples.count
    file = samples.file
    lastUses = net.lastUses()
    self.hasReferences = hasReferences
    for (input, value) in net.graph.inputs.enumerated() {
      if hasReferences {
        references[value] = try stored(value) { sample throws(ConvertError) in try samples.elements(ofInput: input, sample: sample) }
      }
      frontier[value] = try stored(value) { sample throws(ConvertError) in
        var elements = try samples.elements(ofInput: input, sample: sample)
        settle(value, &elements)
        return elements
      }
    }
  }

  /// What a walk does at a layer that has weights: it runs it, by `advance`.
  typealias Visit = (inout SampleWalk, _ index: Int, Layer, LayerWeights) throws(ConvertError) -> Void

  /// Visits the layers in order.
  mutating func run(progress: (Int) -> Void, weighted: Visit) throws(ConvertError) {
    for index in net.layers.indices {
      try step(index, weighted: weighted)
      progress(index + 1)
    }
  }

  /// Takes the frontier past a layer, the next in order.
  mutating func step(
    _ index: Int, weighted: Visit = { walk, _, layer, weights throws(ConvertError) in try walk.advance(layer, weights) }
  ) throws(ConvertError) {
    let layer = net.layers[index]
    if let weights = layer.weights { try weighted(&self, index, layer, weights) } else { try advance(layer, nil) }
    if hasReferences {
      references[layer.output] = try stored(layer.output) { [self] sample throws(ConvertError) in
        let operands = try referenceOperands(of: layer, sample)
        return evaluator.output(of: layer) { operands[$0] }
      }
    }
    for value in layer.operands where lastUses[value] == index {
      frontier[value] = nil
      references[value] = nil
    }
  }

  // MARK: One layer over all samples

  /// Runs a layer with these weights.
  ///
  /// - Returns: whether all its sums are finite.
  @discardableResult
  mutating func advance(_ layer: Layer, _ weights: LayerWeights?) throws(ConvertError) -> Bool {
    let isFinite = Mutex(true)
    frontier[layer.output] = try stored(layer.output) { [self] sample throws(ConvertError) in
      let operands = try operands(of: layer, sample)
      let accumulator = evaluator.accumulate(layer, weights: weights?.values) { operands[$0] }
      if !accumulator.allSatisfy(\.isFinite) { isFinite.withLock { $0 = false } }
      var elements = evaluator.finish(layer, accumulator, bias: weights?.bias ?? []) { operands[$0] }
      settle(layer.output, &elements)
      return elements
    }
    return isFinite.withLock(\.self)
  }

  /// A value for each sample.
  private func stored(
    _ value: Int, _ elements: @Sendable (_ sample: Int) throws(ConvertError) -> [Float]
  ) throws(ConvertError) -> StoredActivation {
    let activation = file.activation(elementCount: net.graph.values[value].elementCount, sampleCount: sampleCount)
    _ = try parallelMap(sampleCount, threads: threads) { sample throws(ConvertError) in
      try activation.write(elements(sample), sample: sample)
    }
    return activation
  }

  // MARK: One sample

  /// What a layer reads, by value index; constants are not among it.
  func operands(of layer: Layer, _ sample: Int) throws(ConvertError) -> [Int: [Float]] {
    try read(layer.operands, of: frontier, sample)
  }

  /// What a layer reads in the float net.
  func referenceOperands(of layer: Layer, _ sample: Int) throws(ConvertError) -> [Int: [Float]] {
    try read(layer.operands, of: references, sample)
  }

  /// One activation of the frontier.
  func operand(_ value: Int, _ sample: Int) throws(ConvertError) -> [Float] { try frontier[value]?.read(sample: sample) ?? [] }

  /// The whole frontier.
  func held(_ sample: Int) throws(ConvertError) -> [Int: [Float]] { try read(Array(frontier.keys), of: frontier, sample) }

  private func read(_ values: [Int], of stored: [Int: StoredActivation], _ sample: Int) throws(ConvertError) -> [Int: [Float]] {
    var elements: [Int: [Float]] = [:]
    for value in values { elements[value] = try stored[value]?.read(sample: sample) }
    return elements
  }
}

extension Layer {
  /// Groups of output channels, each with inputs of its own.
  var groupCount: Int { if case .conv(let conv) = operation { conv.groups } else { 1 } }

  /// Whether channels are axis 1 (convolutions) and not the last axis (dense).
  var hasChannelsFirst: Bool { if case .conv = operation { true } else { false } }
}

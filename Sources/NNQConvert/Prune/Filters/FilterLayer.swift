import NNQFloat

/// The channels that a layer with weights reads and gives, by their ties.
struct FilterLayer {
  let index: Int
  /// Of the K output channels.
  private let outputs: [Int]
  /// Of the C input channels; empty where each output channel reads its own.
  private let inputs: [Int]
  /// Kernel positions.
  private let taps: Int
  /// By tie, how many of the channels.
  private let outputCounts: [Int: Int]
  private let inputCounts: [Int: Int]

  /// How many channels are left of how many.
  struct Remaining {
    fileprivate(set) var outputs: (left: Int, all: Int)
    /// Nil where each output channel reads its own.
    fileprivate(set) var inputs: (left: Int, all: Int)?
    fileprivate let weightsEach: Int

    var weightCount: Int { outputs.left * (inputs?.left ?? 1) * weightsEach }

    func without(_ channels: (outputs: Int, inputs: Int)) -> Remaining {
      var result = self
      result.outputs.left -= channels.outputs
      result.inputs?.left -= channels.inputs
      return result
    }

    /// Whether this share of the channels, and one at least, is left of both.
    func isEnough(_ share: Double) -> Bool {
      [outputs, inputs ?? outputs].allSatisfy { $0.left > 0 && Double($0.left) >= share * Double($0.all) }
    }
  }

  /// Nil for layers without weights.
  init?(_ index: Int, of net: LayerGraph, _ ties: ChannelTies) {
    let layer = net.layers[index]
    guard let weights = layer.weights, let node = layer.node else { return nil }
    self.index = index
    let mixes = net.graph.partsChannels(net.graph.nodes[node])
    let given = ties.ties(of: layer.accumulator)
    // Where channels are no axis 1 all of them stay.
    outputs = given.count == weights.channelCount ? given : [Int](repeating: -1, count: weights.channelCount)
    inputs = mixes ? ties.ties(of: layer.inputs[0]) : []
    taps = mixes ? weights.depth / weights.shape[1] : weights.depth
    outputCounts = Dictionary(outputs.map { ($0, 1) }, uniquingKeysWith: +)
    inputCounts = Dictionary(inputs.map { ($0, 1) }, uniquingKeysWith: +)
  }

  var remaining: Remaining {
    Remaining(
      outputs: (outputs.count, outputs.count), inputs: inputs.isEmpty ? nil : (inputs.count, inputs.count), weightsEach: taps)
  }

  func uses(_ tie: Int) -> Bool { outputCounts[tie] != nil || inputCounts[tie] != nil }

  func count(of tie: Int) -> (outputs: Int, inputs: Int) { (outputCounts[tie] ?? 0, inputCounts[tie] ?? 0) }

  /// By tie, the weights that go with it while all others are there.
  var weightCounts: [Int: Int] {
    outputCounts.mapValues { $0 * max(inputs.count, 1) * taps }.merging(
      inputCounts.mapValues { $0 * outputs.count * taps }, uniquingKeysWith: +)
  }

  /// By tie, the costs of its input channels' columns.
  func costs(_ columnCosts: [Double]) -> [Int: Double] {
    guard columnCosts.count == inputs.count * taps else { return [:] }
    return Dictionary(columnCosts.enumerated().map { (inputs[$0 / taps], $1) }, uniquingKeysWith: +)
  }

  /// For each weight whether the channels that it reads and gives are kept.
  func isKept(_ removed: Set<Int>) -> [Bool] {
    let depth =
      inputs.isEmpty ? [Bool](repeating: true, count: taps) : inputs.flatMap { [Bool](repeating: !removed.contains($0), count: taps) }
    return outputs.flatMap { removed.contains($0) ? [Bool](repeating: false, count: depth.count) : depth }
  }
}

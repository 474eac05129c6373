import NNQFloat

/// Prunes and rounds the weights of one layer for the inputs that the layers before it, already pruned and rounded, give.
struct LayerSweep {
  private let walk: SampleWalk
  private let layer: Layer
  /// Of the float net.
  private let weights: LayerWeights
  private let pieces: [WeightPiece]
  /// Of each piece.
  private let moments: [InputMoments]
  private var objectives: [LayerObjective]

  /// In which the weights that go are chosen.
  private static let pruningSteps = 10
  /// Targets of clamped outputs are made anew so often: most of what it brings, MobileNetV2 at 50 % two points.
  private static let clampedPasses = 3
  /// Share of the error that pruning left, by which rounding may add to it.
  private static let harmlessShare = 0.05

  /// - Parameter groups: of the weights of an output channel.
  init(_ layer: Layer, _ weights: LayerWeights, _ walk: SampleWalk, groups: WeightGroups) throws(ConvertError) {
    (self.walk, self.layer, self.weights) = (walk, layer, weights)
    pieces = layer.weightPieces(weights, cuts: groups.cuts)
    moments = try walk.inputMoments(layer, pieces)
    objectives = zip(pieces, moments).map {
      LayerObjective($1, target: weights[$0], groups: groups[$0.columns], threads: walk.threads)
    }
  }

  // MARK: Pruning

  /// Removes weights and fits the others to what the float net's layer gives.
  mutating func prune(_ removal: Removal) throws(ConvertError) -> LayerWeights {
    guard !removal.isEmpty else { return weights }
    let removals = removal.parts(pieces, in: weights)
    var current = weights
    for pass in 0..<(layer.isClamped && canFit ? Self.clampedPasses : 1) {
      let targets = canFit ? try walk.targetMoments(layer, weights, current: current, moments) : []
      for (index, piece) in pieces.enumerated() {
        if canFit { objectives[index].fit(targets[index], weights: weights[piece]) }
        let objective = objectives[index]
        let start = pass == 0 ? objective.target : current[piece].columns(objective.order)
        var descent = CoordinateDescent(objective, from: start, threads: walk.threads)
        descent.apply(removals[index], steps: Self.pruningSteps, isRepeated: pass > 0)
        set(descent.weights, of: index, in: &current)
        if canFit { current.setMeans(targets[index].means, of: piece, inputMeans: moments[index].means) }
      }
    }
    return canFit ? current : keepingMeans(current, of: weights)
  }

  /// The weights after the loss of each of `counts`, ascending, as near as they can be to the float net's weights; only means
  /// of outputs are kept.
  func unfitted(removing counts: [Int], steps: Int) -> [LayerWeights] {
    var results = [LayerWeights](repeating: weights, count: counts.count)
    let parts = counts.map { $0.shares(inProportionTo: pieces.map(\.weightCount)) }
    for (index, objective) in objectives.enumerated() {
      var descent = CoordinateDescent(objective, from: objective.target, threads: walk.threads)
      var removedCount = 0
      for (place, parts) in parts.enumerated() {
        descent.prune(from: removedCount, to: parts[index], steps: steps)
        removedCount = parts[index]
        set(descent.weights, of: index, in: &results[place])
      }
    }
    return results.map { keepingMeans($0, of: weights) }
  }

  /// Whether targets can be fitted: that takes all correlations between the inputs.
  private var canFit: Bool { pieces.count == layer.groupCount }

  // MARK: Rounding

  /// Puts weights on grids; those that are zero stay zero.
  func round(_ real: LayerWeights, _ quantizer: WeightQuantizer) -> RoundedWeights {
    let grids = grids(real, quantizer)
    var rounded = real
    for (index, (piece, objective)) in zip(pieces, objectives).enumerated() {
      let sweep = RoundingSweep(objective: objective, grids: Array(grids[piece.rows]), threads: walk.threads)
      set(sweep.run(real[piece].columns(objective.order)), of: index, in: &rounded)
    }
    let bias = keepingMeans(rounded, of: real).bias
    let levels = rounded.values.indices.map { grids[$0 / real.depth].level(of: rounded.values[$0]) }
    return RoundedWeights(shape: real.shape, quantized: QuantizedWeights(levels: levels, grids: grids, bits: quantizer.bits), bias: bias)
  }

  private func grids(_ weights: LayerWeights, _ quantizer: WeightQuantizer) -> [WeightGrid] {
    var coarsest = [Double](repeating: 0, count: weights.channelCount)
    if weights.zeroCount > 0 {
      for (piece, objective) in zip(pieces, objectives) where canFit {
        let steps = objective.steps(addingShare: Self.harmlessShare, to: weights[piece].columns(objective.order))
        coarsest.replaceSubrange(piece.rows, with: steps)
      }
    }
    return (0..<weights.channelCount).map { channel in
      let row = weights.values[channel * weights.depth..<(channel + 1) * weights.depth]
      return quantizer.grid(for: row, bias: weights.bias[channel], coarsest: coarsest[channel])
    }
  }

  // MARK: Both

  /// - Parameter swept: in the objective's order of columns.
  private func set(_ swept: FloatMatrix, of index: Int, in weights: inout LayerWeights) {
    weights[pieces[index]] = swept.columns(objectives[index].columns)
  }

  /// `changed` with the biases that give outputs the means they had before.
  private func keepingMeans(_ changed: LayerWeights, of weights: LayerWeights) -> LayerWeights {
    var result = changed
    for (piece, moments) in zip(pieces, moments) {
      let lost = weights[piece].adding(changed[piece], times: -1)
      for (row, channel) in piece.rows.enumerated() { result.bias[channel] += Float(lost.row(row).dot(moments.means)) }
    }
    return result
  }
}

extension LayerWeights {
  /// Chooses the biases that give outputs these means.
  fileprivate mutating func setMeans(_ means: [Double], of piece: WeightPiece, inputMeans: [Float]) {
    let weights = self[piece]
    for (row, channel) in piece.rows.enumerated() { bias[channel] = Float(means[row] - weights.row(row).dot(inputMeans)) }
  }
}

extension ArraySlice<Float> {
  fileprivate func dot(_ other: [Float]) -> Double { zip(self, other).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
}

extension CoordinateDescent {
  /// - Parameter isRepeated: whether as much was removed from these weights before.
  fileprivate mutating func apply(_ removal: Removal, steps: Int, isRepeated: Bool) {
    switch removal {
    case .count(let count) where isRepeated: prune(from: count, to: count, steps: 1)
    case .count(let count): prune(to: count, steps: steps)
    case .others(than: let isKept): keep(isKept.indices.map { isKept[$0 - $0 % objective.depth + objective.order[$0 % objective.depth]] })
    }
  }
}

extension Layer {
  func weightPieces(_ weights: LayerWeights, cuts: [Int]) -> [WeightPiece] {
    WeightPiece.list(channelCount: weights.channelCount, groupCount: groupCount, cuts: cuts)
  }

  fileprivate var isClamped: Bool { clamp != -.infinity ... .infinity }
}

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
  /// Of the output channels, by which their errors are multiplied before those that cost least are chosen.
  private let factors: [Float]

  /// In which the weights that go are chosen.
  private static let pruningSteps = 10
  /// Targets of clamped outputs are made anew so often: most of what it brings, MobileNetV2 at 50 % two points.
  private static let clampedPasses = 3
  /// Share of the error that pruning left, by which rounding may add to it.
  ///
  /// 0.05, 0.1 and 0.2 make ResNet-20 at 50 % 7.90, 8.36 and 8.92 times smaller; KL divergence 0.0405, 0.0408 and 0.0431.
  private static let harmlessShare = 0.1

  /// - Parameter groups: of the weights of an output channel.
  init(
    _ layer: Layer, _ weights: LayerWeights, _ walk: SampleWalk, groups: WeightGroups, importance: ChannelImportance
  ) throws(ConvertError) {
    (self.walk, self.layer, self.weights) = (walk, layer, weights)
    pieces = layer.weightPieces(weights, cuts: groups.cuts)
    moments = try walk.inputMoments(layer, pieces)
    objectives = zip(pieces, moments).map {
      LayerObjective($1, target: weights[$0], groups: groups[$0.columns], threads: walk.threads)
    }
    var variances = [Double](repeating: 0, count: weights.channelCount)
    for (piece, objective) in zip(pieces, objectives) {
      for (channel, variance) in zip(piece.rows, objective.variances) { variances[channel] += variance }
    }
    factors = importance.factors(layer, variances: variances)
  }

  // MARK: Pruning

  /// Removes weights and fits the others to what the float net's layer gives.
  mutating func prune(_ removal: Removal) throws(ConvertError) -> LayerWeights {
    guard !removal.isEmpty else { return weights }
    let removals = parts(of: removal)
    var current = weights
    for pass in 0..<(layer.isClamped && canFit ? Self.clampedPasses : 1) {
      let targets = canFit ? try walk.targetMoments(layer, weights, current: current, moments) : []
      for (index, piece) in pieces.enumerated() {
        if canFit { objectives[index].fit(targets[index], weights: weights[piece]) }
        let start = pass == 0 ? nil : current[piece].columns(objectives[index].order)
        var descent = descent(ofPiece: index, from: start)
        descent.apply(removals[index], steps: Self.pruningSteps, isRepeated: pass > 0)
        set(descent, of: index, in: &current)
        if canFit { current.setMeans(targets[index].means, of: piece, inputMeans: moments[index].means) }
      }
    }
    return canFit ? current : keepingMeans(current, of: weights)
  }

  /// The weights after the loss of each of `counts`, ascending, as near as they can be to the float net's weights; only means
  /// of outputs are kept.
  func unfitted(removing counts: [Int], steps: Int) -> [LayerWeights] {
    var results = [LayerWeights](repeating: weights, count: counts.count)
    let parts = counts.map { self.parts(of: $0) }
    for index in pieces.indices {
      var descent = descent(ofPiece: index)
      var removedCount = 0
      for (place, parts) in parts.enumerated() {
        descent.prune(from: removedCount, to: parts[index], steps: steps)
        removedCount = parts[index]
        set(descent, of: index, in: &results[place])
      }
    }
    return results.map { keepingMeans($0, of: weights) }
  }

  /// A descent in which errors of all output channels count the same.
  ///
  /// - Parameter start: the target if nil.
  private func descent(ofPiece index: Int, from start: FloatMatrix? = nil) -> CoordinateDescent {
    let factors = Array(factors[pieces[index].rows])
    var objective = objectives[index]
    objective.target = objective.target.multiplyingRows(by: factors)
    return CoordinateDescent(objective, from: start?.multiplyingRows(by: factors) ?? objective.target, threads: walk.threads)
  }

  /// What a removal takes from each piece.
  private func parts(of removal: Removal) -> [Removal] {
    switch removal {
    case .count(let count): parts(of: count).map { .count($0) }
    case .others: removal.parts(pieces, in: weights)
    }
  }

  /// How many of `count` weights each piece loses: as many of its own are among those of least saliency in the layer.
  private func parts(of count: Int) -> [Int] {
    guard pieces.count > 1 else { return [count] }
    let scores = pieces.indices.map { index in
      objectives[index].groups.leveled(descent(ofPiece: index).saliencies()).map { (piece: index, score: $0) }
    }
    var parts = [Int](repeating: 0, count: pieces.count)
    for place in scores.joined().sorted(by: { ($0.score, $0.piece) < ($1.score, $1.piece) }).prefix(count) { parts[place.piece] += 1 }
    return parts
  }

  // MARK: Columns as a whole

  /// For each column of the weights what its loss adds to the errors of the outputs, relative to their variances, when the other
  /// columns make up for it: the sum over the rows of w_j^2 / (H^-1)_jj.
  func columnCosts() -> [Double] {
    var costs = [Double](repeating: 0, count: weights.depth)
    var variance = 0.0
    for (index, piece) in pieces.enumerated() {
      let (objective, rows) = (objectives[index], descent(ofPiece: index).weights)
      let inverse = objective.inverseDiagonal
      for (column, place) in objective.columns.enumerated() {
        let square = (0..<rows.rows).reduce(0.0) {
          $0 + Double(rows.row($1)[$1 * rows.columns + place]) * Double(rows.row($1)[$1 * rows.columns + place])
        }
        costs[piece.columns.lowerBound + column] += square / inverse[place]
      }
      for (channel, own) in zip(piece.rows, objective.variances) { variance += own * Double(factors[channel]) * Double(factors[channel]) }
    }
    return costs.map { $0 / max(variance, .leastNormalMagnitude) }
  }

  /// The weights with some columns zero, as they are otherwise; means of outputs are kept.
  func without(columns: Set<Int>) -> LayerWeights {
    var changed = weights
    for index in changed.values.indices where columns.contains(index % weights.depth) { changed.values[index] = 0 }
    return keepingMeans(changed, of: weights)
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

  private func set(_ descent: CoordinateDescent, of index: Int, in weights: inout LayerWeights) {
    set(descent.weights.multiplyingRows(by: factors[pieces[index].rows].map { 1 / $0 }), of: index, in: &weights)
  }

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

extension FloatMatrix {
  /// Each row times its own number.
  fileprivate func multiplyingRows(by factors: [Float]) -> FloatMatrix {
    var result = self
    for (row, factor) in factors.enumerated() {
      for index in row * columns..<(row + 1) * columns { result.elements[index] *= factor }
    }
    return result
  }
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

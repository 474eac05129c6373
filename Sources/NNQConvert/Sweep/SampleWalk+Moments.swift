import NNQFloat

/// Statistics of one layer over all samples of a walk.
extension SampleWalk {
  /// Of the layer's inputs as the layers before it, already changed, give them.
  ///
  /// - Parameter pieces: of the layer's weights; each has its inputs.
  func inputMoments(_ layer: Layer, _ pieces: [WeightPiece]) throws(ConvertError) -> [InputMoments] {
    var sums: [(sums: [Double], count: Int)] = []
    try forEachSample(count: sampleCount, threads: threads) { sample throws(ConvertError) in
      try inputs(layer, pieces, sample).map { (sums: $0.rowSums, count: $0.columns) }
    } deliver: { (_, part) throws(ConvertError) in
      if sums.isEmpty { sums = part.map { (sums: $0.sums.map { _ in 0 }, count: 0) } }
      for (group, part) in part.enumerated() {
        for index in part.sums.indices { sums[group].sums[index] += part.sums[index] }
        sums[group].count += part.count
      }
    }
    let empty = sums.map { group in InputMoments(means: group.sums.map { Float($0 / Double(group.count)) }) }
    var total = empty
    try forEachSample(count: sampleCount, threads: threads) { sample throws(ConvertError) in
      zip(empty, try inputs(layer, pieces, sample)).map { (products: $0.products(of: $1), positions: $1.columns) }
    } deliver: { (_, parts) throws(ConvertError) in
      for (group, part) in parts.enumerated() { total[group].add(part.products, positions: part.positions) }
    }
    return total
  }

  /// Of what the layer's accumulator, with bias, should be for the layer to give what it gives in the float net.
  ///
  /// Where the float net's output is clamped, any accumulator beyond the clamp will do: then the target is what `current` gives,
  /// which costs nothing, if it lies beyond too, and the end of the clamp otherwise. Fitting to such targets and making them
  /// anew decreases the error behind the clamp each time (majorisation: the target's error is never below it, and equal to it
  /// for `current`).
  ///
  /// - Parameters:
  ///   - weights: of the float net.
  ///   - current: the weights that the walk would go on with.
  ///   - inputMoments: of the pieces of the layer's weights, one for each group.
  func targetMoments(
    _ layer: Layer, _ weights: LayerWeights, current: LayerWeights, _ inputMoments: [InputMoments]
  ) throws(ConvertError) -> [TargetMoments] {
    let channelCount = weights.channelCount / layer.groupCount
    let pieces = layer.weightPieces(weights, cuts: [0, weights.depth])
    let empty = inputMoments.map { TargetMoments(channelCount: channelCount, depth: $0.depth) }
    var total = empty
    try forEachSample(count: sampleCount, threads: threads) { sample throws(ConvertError) in
      let targets = layer.channelRows(try targets(layer, weights, current: current, sample), channelCount: weights.channelCount)
      return try inputs(layer, pieces, sample).enumerated().map { group, inputs in
        var moments = empty[group]
        moments.add(targets[rows: pieces[group].rows], centered: inputs.subtracting(inputMoments[group].means))
        return moments
      }
    } deliver: { (_, part) throws(ConvertError) in
      for group in part.indices { total[group].merge(part[group]) }
    }
    return total
  }

  private func targets(_ layer: Layer, _ weights: LayerWeights, current: LayerWeights, _ sample: Int) throws(ConvertError) -> [Float] {
    let (reference, frontier) = (try referenceOperands(of: layer, sample), try operands(of: layer, sample))
    let wanted = evaluator.sum(layer, evaluator.accumulate(layer, weights: weights.values) { reference[$0] }, bias: weights.bias) {
      reference[$0]
    }
    let got = evaluator.sum(layer, evaluator.accumulate(layer, weights: current.values) { frontier[$0] }, bias: current.bias) {
      frontier[$0]
    }
    var targets = zip(wanted, got).map { wanted, got in
      wanted <= layer.clamp.lowerBound
        ? min(got, layer.clamp.lowerBound)
        : wanted >= layer.clamp.upperBound ? max(got, layer.clamp.upperBound) : wanted
    }
    if let residual = layer.residual.flatMap({ frontier[$0] }) {
      for element in targets.indices { targets[element] -= residual[element] }
    }
    return targets
  }

  /// For each piece its inputs on one sample, D x positions.
  private func inputs(_ layer: Layer, _ pieces: [WeightPiece], _ sample: Int) throws(ConvertError) -> [FloatMatrix] {
    let elements = try operand(layer.inputs[0], sample)
    guard case .conv(let conv) = layer.operation else {
      let depth = pieces.last?.columns.upperBound ?? 1
      let whole = FloatMatrix(rows: elements.count / depth, columns: depth, elements: elements).transposed
      return pieces.map { whole[rows: $0.columns] }
    }
    let input = FloatTensor(shape: net.graph.values[layer.inputs[0]].shape, elements: elements)
    let output = Array(net.graph.values[layer.accumulator].shape.dropFirst(2))
    let kernel = Array((layer.weights?.shape ?? []).dropFirst(2))
    let groups = (0..<conv.groups).map { conv.windows(input, group: $0, kernel: kernel, output: output) }
    return pieces.enumerated().map { index, piece in groups[index * conv.groups / pieces.count][rows: piece.columns] }
  }
}

extension Layer {
  /// An accumulator as a matrix of output channels x positions.
  fileprivate func channelRows(_ elements: [Float], channelCount: Int) -> FloatMatrix {
    let positions = elements.count / channelCount
    return hasChannelsFirst
      ? FloatMatrix(rows: channelCount, columns: positions, elements: elements)
      : FloatMatrix(rows: positions, columns: channelCount, elements: elements).transposed
  }
}

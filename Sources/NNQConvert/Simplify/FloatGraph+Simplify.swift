import NNQFloat

/// Rewrites that leave a net's function as it is and its layers fewer.
extension FloatGraph {
  /// Applies every rewrite until none applies; what folds nowhere becomes a convolution only when nothing folds any more.
  ///
  /// - Returns: what was done, a line for each rewritten node.
  package mutating func simplify() -> [String] {
    let rewrites: [(inout FloatGraph) -> [String]] = [
      { $0.foldConstants() }, { $0.dropIdentities() }, { $0.recognizeClips() }, { $0.limitMasks() }, { $0.compareDifferences() },
      { $0.recognizeNormalizations() }, { $0.foldMatMulScale() },
      { $0.foldBatchNormalization() }, { $0.foldChannelArithmetic() }, { $0.foldPadding() },
      { $0.replaceConvTranspose() }, { $0.moveClampsForward() }, { $0.replaceConstantParts() },
      { $0.replaceChannelAffine() }, { $0.replaceDivision() },
    ]
    var log: [String] = []
    var next = 0
    while next < rewrites.count {
      let lines = rewrites[next](&self)
      removeDeadNodes()
      log += lines
      next = lines.isEmpty ? next + 1 : 0
    }
    makeConstantNamesUnique()
    return log
  }

  /// The conv, convTranspose or dense node with constant weights that defines `value`, if the node at `consumer` is its only user.
  func accumulatingProducer(of value: Int, onlyFor consumer: Int) -> Int? {
    guard let producer = producer(of: value), !outputs.contains(value), consumers(of: value) == [consumer] else { return nil }
    switch nodes[producer].operation {
    case .conv, .convTranspose, .dense:
      return nodes[producer].inputs.dropFirst().allSatisfy { values[$0].constant != nil } ? producer : nil
    default: return nil
    }
  }

  /// The axis of such a node's output that counts its output channels.
  func channelAxis(ofOutputOf producer: Int) -> Int {
    switch nodes[producer].operation {
    case .conv, .convTranspose: 1
    default: values[nodes[producer].outputs[0]].shape.count - 1
    }
  }

  /// Gives a constant that has another value's name one of its own: "w", "w.2", "w.3". Layers that shared a constant each
  /// have one when it is folded or pruned, and names in a file are unique.
  mutating func makeConstantNamesUnique() {
    var names = Set(values.filter { $0.constant == nil }.map(\.name))
    for index in values.indices where values[index].constant != nil && !values[index].name.isEmpty {
      let name = values[index].name
      var number = 1
      while !names.insert(values[index].name).inserted {
        number += 1
        values[index].name = "\(name).\(number)"
      }
    }
  }

  /// Reshapes to the same shape and transpositions that move nothing.
  private mutating func dropIdentities() -> [String] {
    var log: [String] = []
    for node in nodes {
      let (input, output) = (node.inputs[0], node.outputs[0])
      let isIdentity =
        switch node.operation {
        case .reshape: values[input].shape == values[output].shape
        case .transpose(let permutation): permutation == Array(permutation.indices)
        default: false
        }
      guard isIdentity, !outputs.contains(output) else { continue }
      replaceUses(of: output, with: input)
      log.append("\(node.name): dropped, it changes nothing")
    }
    return log
  }
}

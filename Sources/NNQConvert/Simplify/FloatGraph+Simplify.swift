import NNQFloat

/// Rewrites that leave a net's function as it is and its layers fewer.
extension FloatGraph {
  /// Applies every rewrite until none applies.
  ///
  /// - Returns: what was done, a line for each rewritten node.
  package mutating func simplify() -> [String] {
    let rewrites: [(inout FloatGraph) -> [String]] = [
      { $0.dropIdentities() }, { $0.foldBatchNormalization() }, { $0.foldChannelArithmetic() }, { $0.foldPadding() },
    ]
    var log: [String] = []
    while true {
      let before = log.count
      for rewrite in rewrites {
        log += rewrite(&self)
        removeDeadNodes()
      }
      if log.count == before { return log }
    }
  }

  /// The conv or dense node that defines `value`, if the node at `consumer` is its only user.
  func accumulatingProducer(of value: Int, onlyFor consumer: Int) -> Int? {
    guard let producer = producer(of: value), !outputs.contains(value), consumers(of: value) == [consumer] else { return nil }
    switch nodes[producer].operation {
    case .conv, .dense: return values[nodes[producer].inputs[1]].constant == nil ? nil : producer
    default: return nil
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

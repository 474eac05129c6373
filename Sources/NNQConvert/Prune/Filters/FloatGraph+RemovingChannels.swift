import NNQFloat

extension FloatGraph {
  /// The net without the channels of some ties: smaller activations, and weights without what gave and read them.
  ///
  /// What a channel gave to its readers is lost with it, so the result equals the net whose weights that read it are zero.
  ///
  /// - Parameters:
  ///   - ties: of this graph.
  ///   - removed: numbers of ties, none of them fixed and not all of any value.
  func removing(_ removed: Set<Int>, of ties: ChannelTies) -> FloatGraph {
    var result = self
    let kept = values.indices.map { value in
      ties.ties(of: value).enumerated().filter { !removed.contains($0.element) }.map(\.offset)
    }
    for index in nodes.indices { result.shrink(index, in: self, kept) }
    for index in values.indices where values[index].channelCount > 0 { result.values[index].shape[1] = kept[index].count }
    result.removeDeadNodes()
    result.makeConstantNamesUnique()
    return result
  }

  /// Brings a node's parameters in line with the channels that its values keep.
  ///
  /// - Parameter kept: by value index of `original`.
  private mutating func shrink(_ index: Int, in original: FloatGraph, _ kept: [[Int]]) {
    let node = nodes[index]
    let (input, output) = (kept[node.inputs[0]], kept[node.outputs[0]])
    switch node.operation {
    case .conv(var conv) where conv.groups > 1 && conv.groups == original.values[node.inputs[0]].channelCount:
      conv.groups = input.count
      nodes[index].operation = .conv(conv)
      selectParameters(of: index, rows: output, columns: nil)
    case .conv, .dense:
      guard original.partsChannels(node) else { return }
      selectParameters(of: index, rows: output, columns: input)
    case .slice(var begin, let step):
      begin[1] = input.count { $0 < begin[1] }
      nodes[index].operation = .slice(begin: begin, step: step)
    case .binary, .unary:
      for operand in node.inputs.indices { selectChannels(ofOperand: operand, of: index, in: original, output) }
    default: return
    }
  }

  /// Weights K,C,... and bias K of a node.
  ///
  /// - Parameter columns: which input channels stay; nil: all.
  private mutating func selectParameters(of index: Int, rows: [Int], columns: [Int]?) {
    for operand in nodes[index].inputs.indices.dropFirst() {
      var value = values[nodes[index].inputs[operand]]
      value = value.selecting(rows, axis: 0)
      if operand == 1, let columns { value = value.selecting(columns, axis: 1) }
      nodes[index].inputs[operand] = adopt(value)
    }
  }

  /// A constant of an elementwise operation, if it has channels.
  private mutating func selectChannels(ofOperand operand: Int, of index: Int, in original: FloatGraph, _ channels: [Int]) {
    let (node, value) = (nodes[index], values[nodes[index].inputs[operand]])
    let output = original.values[node.outputs[0]]
    let axis = value.shape.count - output.shape.count + 1
    guard value.constant != nil, axis >= 0, axis < value.shape.count, value.shape[axis] == output.channelCount, output.channelCount > 1
    else { return }
    nodes[index].inputs[operand] = adopt(value.selecting(channels, axis: axis))
  }
}

extension FloatValue {
  /// The places `chosen` along an axis of a constant.
  fileprivate func selecting(_ chosen: [Int], axis: Int) -> FloatValue {
    guard let constant, chosen.count != shape[axis] else { return self }
    let run = shape[(axis + 1)...].reduce(1, *)
    var result = self
    result.shape[axis] = chosen.count
    result.constant = stride(from: 0, to: constant.count, by: run * shape[axis]).flatMap { first in
      chosen.flatMap { constant[first + $0 * run..<first + ($0 + 1) * run] }
    }
    return result
  }
}

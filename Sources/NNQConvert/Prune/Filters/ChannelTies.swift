import NNQFloat

/// Which channels (axis 1) of a net's activations can only go together.
///
/// What adds tensors or works on each channel by itself (additions, depthwise convolutions, activations, pools) ties channels;
/// convolutions and dense layers part them: they read any channels and give others.
struct ChannelTies {
  /// Where each value's channels begin among those of all values.
  private let firsts: [Int]
  private var sets: UnionFind
  /// Channels that stay.
  private var fixed: [Int] = []

  init(_ graph: FloatGraph) {
    var firsts = [0]
    for value in graph.values { firsts.append(firsts[firsts.count - 1] + value.channelCount) }
    self.firsts = firsts
    sets = UnionFind(count: firsts[firsts.count - 1])
    for value in graph.inputs + graph.outputs { fix(value) }
    for node in graph.nodes { add(node, graph) }
  }

  /// The number of the tie of each channel of a value, different for channels that can go apart; none of a constant, also of
  /// one that the graph has got since.
  func ties(of value: Int) -> [Int] { value + 1 < firsts.count ? (firsts[value]..<firsts[value + 1]).map { sets.find($0) } : [] }

  /// Ties that cannot go.
  var fixedTies: Set<Int> { Set(fixed.map { sets.find($0) }) }

  /// By tie: those of one value, and those of values that share some, are in one set.
  var tensors: UnionFind {
    var tensors = sets
    for first in firsts.indices.dropLast() where firsts[first] < firsts[first + 1] {
      for channel in firsts[first]..<firsts[first + 1] { tensors.unite(firsts[first], channel) }
    }
    return tensors
  }

  /// Keeps all channels of a value.
  mutating func fix(_ value: Int) { fixed += firsts[value]..<firsts[value + 1] }

  private mutating func unite(_ a: Int, _ b: Int, channels: Range<Int>? = nil, offset: Int = 0) {
    for channel in channels ?? 0..<firsts[a + 1] - firsts[a] { sets.unite(firsts[a] + channel, firsts[b] + channel + offset) }
  }

  // MARK: What each operation ties

  private mutating func add(_ node: FloatNode, _ graph: FloatGraph) {
    let activations = node.inputs.filter { graph.values[$0].constant == nil }
    guard !graph.partsChannels(node), !tie(node, activations, graph) else { return }
    for value in activations + node.outputs { fix(value) }
  }

  /// - Returns: false if the operation asks for all its channels.
  private mutating func tie(_ node: FloatNode, _ activations: [Int], _ graph: FloatGraph) -> Bool {
    let output = node.outputs[0]
    switch node.operation {
    case .conv(let conv):
      return tieDepthwise(node, groups: conv.groups, graph)
    case .concat(let axis):
      return tieParts(node, axis: axis, graph)
    case .slice(let begin, let step):
      return tieSlice(activations, output, begin: begin, step: step, graph)
    case .reshape:
      return tieReshape(node.inputs[0], output, graph)
    default:
      guard graph.worksOnEachChannel(node, activations) else { return false }
      for value in activations { unite(value, output) }
      return true
    }
  }

  /// Output channel k reads input channel k / multiplier.
  private mutating func tieDepthwise(_ node: FloatNode, groups: Int, _ graph: FloatGraph) -> Bool {
    let (input, output) = (node.inputs[0], node.outputs[0])
    guard groups == graph.values[input].channelCount, graph.hasConstantParameters(node) else { return false }
    let multiplier = graph.values[output].channelCount / groups
    for channel in 0..<groups * multiplier { sets.unite(firsts[input] + channel / multiplier, firsts[output] + channel) }
    return true
  }

  private mutating func tieParts(_ node: FloatNode, axis: Int, _ graph: FloatGraph) -> Bool {
    guard axis > 0, node.inputs.allSatisfy({ graph.values[$0].constant == nil }) else { return false }
    var offset = 0
    for input in node.inputs {
      unite(input, node.outputs[0], offset: offset)
      if axis == 1 { offset += graph.values[input].channelCount }
    }
    return true
  }

  private mutating func tieSlice(_ activations: [Int], _ output: Int, begin: [Int], step: [Int], _ graph: FloatGraph) -> Bool {
    guard let input = activations.first, begin.count > 1, step[1] == 1 else { return false }
    unite(output, input, channels: 0..<graph.values[output].channelCount, offset: begin[1])
    return true
  }

  /// A Flatten makes every element of a channel a channel; other reshapes may only leave the channels as they are.
  private mutating func tieReshape(_ input: Int, _ output: Int, _ graph: FloatGraph) -> Bool {
    let (shape, result) = (graph.values[input].shape, graph.values[output].shape)
    guard shape.count >= 2, result.count >= 2, shape[0] == result[0] else { return false }
    if shape[1] == result[1] {
      unite(input, output)
      return true
    }
    guard result.count == 2, shape[1] > 0 else { return false }
    let extent = result[1] / shape[1]
    for channel in 0..<result[1] { sets.unite(firsts[input] + channel / extent, firsts[output] + channel) }
    return true
  }
}

extension FloatGraph {
  /// Whether a node gives channels that have nothing to do with those it reads: a convolution of one group, a dense layer on
  /// rows of features.
  func partsChannels(_ node: FloatNode) -> Bool {
    switch node.operation {
    case .conv(let conv): conv.groups == 1 && values[node.inputs[0]].channelCount > 0 && hasConstantParameters(node)
    case .dense: values[node.inputs[0]].shape.count == 2 && hasConstantParameters(node)
    default: false
    }
  }

  func hasConstantParameters(_ node: FloatNode) -> Bool { node.inputs.dropFirst().allSatisfy { values[$0].constant != nil } }

  /// Whether channel c of the output comes from channels c of the activations, and of constants that have channels.
  fileprivate func worksOnEachChannel(_ node: FloatNode, _ activations: [Int]) -> Bool {
    let output = values[node.outputs[0]]
    guard !activations.isEmpty, activations.allSatisfy({ values[$0].channelCount == output.channelCount }) else { return false }
    return switch node.operation {
    case .unary, .maxPool, .averagePool, .globalAveragePool, .resize: true
    case .binary: activations.allSatisfy { values[$0].shape.count == output.shape.count }
    case .pad(let before, let after, _): before[1] == 0 && after[1] == 0
    case .reduce(_, let axes): !axes.contains(1)
    case .softmax(let axis): axis != 1
    case .transpose(let permutation): permutation[0] == 0 && permutation.count > 1 && permutation[1] == 1
    default: false
    }
  }
}

extension FloatValue {
  /// Extent of axis 1; 0 for constants and where there is none.
  var channelCount: Int { constant == nil && shape.count >= 2 ? shape[1] : 0 }
}

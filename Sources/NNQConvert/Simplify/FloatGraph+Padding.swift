import NNQFloat

extension FloatGraph {
  /// Folds zero padding of the spatial axes into the convolution after it, as far as the kernel covers it.
  mutating func foldPadding() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      guard case .conv(var conv) = nodes[index].operation, let pad = producer(of: nodes[index].inputs[0]),
        case .pad(let before, let after, value: 0) = nodes[pad].operation,
        before[..<2].allSatisfy({ $0 == 0 }), after[..<2].allSatisfy({ $0 == 0 })
      else { continue }
      let pads = zip(conv.pads, before[2...] + after[2...]).map { $0 + $1 }
      let kernel = values[nodes[index].inputs[1]].shape[2...]
      let spans = zip(kernel, conv.dilations).map { ($0 - 1) * $1 + 1 }
      guard zip(pads, spans + spans).allSatisfy({ $0 < $1 }) else { continue }
      conv.pads = pads
      nodes[index].operation = .conv(conv)
      nodes[index].inputs[0] = nodes[pad].inputs[0]
      log.append("\(nodes[pad].name): padding folded into \(nodes[index].name)")
    }
    return log
  }
}

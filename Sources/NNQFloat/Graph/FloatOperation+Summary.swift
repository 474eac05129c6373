extension FloatOperation {
  /// The operation and what it is told, in one line: "conv strides [1, 1] dilations [1, 1] pads [0, 0, 0, 0] groups 1".
  package var summary: String {
    switch self {
    case .conv(let conv):
      "conv strides \(conv.strides) dilations \(conv.dilations) pads \(conv.pads) groups \(conv.groups)"
    case .maxPool(let window), .averagePool(let window, countIncludePad: _):
      "\(name) kernel \(window.kernel) strides \(window.strides) pads \(window.pads)"
    case .softmax(let axis), .concat(let axis): "\(name) axis \(axis)"
    case .transpose(let permutation): "\(name) \(permutation)"
    case .pad(let before, let after, let value): "\(name) before \(before) after \(after) with \(value)"
    case .slice(let begin, let step): "\(name) from \(begin) by \(step)"
    case .reduce(let reduction, let axes): "\(name) \(reduction) axes \(axes)"
    default: name
    }
  }
}

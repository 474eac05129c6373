import NNQFloat

extension FloatGraph {
  /// Folds Add, Sub, Mul and Div with one constant for each output channel (or one for all) into the layer before.
  mutating func foldChannelArithmetic() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      let node = nodes[index]
      for value in node.inputs {
        guard let producer = accumulatingProducer(of: value, onlyFor: index),
          let affine = channelArithmetic(node, on: value, channelAxis: channelAxis(ofOutputOf: producer))
        else { continue }
        fold(affine, into: producer, replacing: node.outputs[0])
        log.append("\(node.name): arithmetic with a constant folded into \(nodes[producer].name)")
        break
      }
    }
    return log
  }

  /// What a node does to `value`, if it is arithmetic with one constant for each channel, or one for all.
  func channelArithmetic(_ node: FloatNode, on value: Int, channelAxis: Int) -> ChannelAffine? {
    guard case .binary(let operation) = node.operation, values[node.outputs[0]].shape == values[value].shape else { return nil }
    let isFirst = node.inputs[1] == value
    let constants = channelConstants(isFirst ? node.inputs[0] : node.inputs[1], matching: value, channelAxis: channelAxis)
    return constants.flatMap { ChannelAffine(operation, $0, constantIsFirst: isFirst) }
  }

  /// A constant that broadcasts over all but the channel axis of `value`, as one number for each channel.
  private func channelConstants(_ constant: Int, matching value: Int, channelAxis: Int) -> [Float]? {
    guard let elements = values[constant].constant else { return nil }
    let shape = values[value].shape
    if elements.count == 1 { return [Float](repeating: elements[0], count: shape[channelAxis]) }
    let axis = channelAxis - (shape.count - values[constant].shape.count)
    guard values[constant].shape.indices.contains(axis), elements.count == shape[channelAxis],
      values[constant].shape[axis] == elements.count
    else { return nil }
    return elements
  }
}

extension ChannelAffine {
  fileprivate init?(_ operation: FloatBinary, _ constants: [Float], constantIsFirst: Bool) {
    let ones = [Float](repeating: 1, count: constants.count)
    let zeros = [Float](repeating: 0, count: constants.count)
    switch operation {
    case .add: self.init(scale: ones, offset: constants)
    case .sub where constantIsFirst: self.init(scale: ones.map { -$0 }, offset: constants)
    case .sub: self.init(scale: ones, offset: constants.map { -$0 })
    case .mul: self.init(scale: constants, offset: zeros)
    case .div where !constantIsFirst: self.init(scale: constants.map { 1 / $0 }, offset: zeros)
    case .div, .pow, .prelu, .maximum, .minimum, .equal, .less, .lessOrEqual, .mask: return nil
    }
  }
}

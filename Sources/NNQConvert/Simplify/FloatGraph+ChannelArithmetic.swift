import NNQFloat

extension FloatGraph {
  /// Folds Add, Sub, Mul and Div with one constant for each output channel (or one for all) into the layer before.
  mutating func foldChannelArithmetic() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      guard case .binary(let operation) = nodes[index].operation else { continue }
      let node = nodes[index]
      for (operand, other) in [(0, 1), (1, 0)] {
        guard let producer = accumulatingProducer(of: node.inputs[operand], onlyFor: index),
          values[node.outputs[0]].shape == values[node.inputs[operand]].shape,
          let channels = channelConstants(node.inputs[other], matching: node.inputs[operand], of: producer),
          let affine = ChannelAffine(operation, channels, constantIsFirst: operand == 1)
        else { continue }
        fold(affine, into: producer, replacing: node.outputs[0])
        log.append("\(node.name): \(operation) of a constant folded into \(nodes[producer].name)")
        break
      }
    }
    return log
  }

  /// A constant that broadcasts over all but the channel axis of `value`, as one number for each channel.
  private func channelConstants(_ constant: Int, matching value: Int, of producer: Int) -> [Float]? {
    guard let elements = values[constant].constant else { return nil }
    let shape = values[value].shape
    let channelAxis = channelAxis(ofOutputOf: producer)
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
    case .div: return nil
    }
  }
}

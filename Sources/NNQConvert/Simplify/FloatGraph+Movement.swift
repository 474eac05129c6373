import NNQFloat

/// Rewrites of operators that move elements.
extension FloatGraph {
  /// A clamp behind moves of what a convolution or dense layer gives comes before them, where the layer takes it in.
  mutating func moveClampsForward() -> [String] {
    var log: [String] = []
    for index in nodes.indices {
      guard isClamp(nodes[index].operation), let move = soleProducer(of: nodes[index].inputs[0], for: index), isMove(nodes[move].operation),
        isMovedProduct(nodes[index].inputs[0], for: index)
      else { continue }
      let (clamp, moved) = (nodes[index].operation, nodes[move].outputs[0])
      nodes[index].operation = nodes[move].operation
      nodes[move].operation = clamp
      values[moved].shape = values[nodes[move].inputs[0]].shape
      log.append("\(nodes[index].name): clamp moved before \(nodes[move].name)")
    }
    return log
  }

  private func isClamp(_ operation: FloatOperation) -> Bool {
    switch operation {
    case .unary(.relu), .unary(.clip): true
    default: false
    }
  }

  private func isMove(_ operation: FloatOperation) -> Bool {
    switch operation {
    case .reshape, .transpose, .slice: true
    default: false
    }
  }

  /// Whether a value that one node alone reads is a product, moved or not, of which most is kept.
  private func isMovedProduct(_ value: Int, for consumer: Int) -> Bool {
    guard let producer = soleProducer(of: value, for: consumer) else { return false }
    switch nodes[producer].operation {
    case .conv, .dense: return true
    default:
      let input = nodes[producer].inputs[0]
      return isMove(nodes[producer].operation) && values[value].elementCount * 2 > values[input].elementCount
        && isMovedProduct(input, for: producer)
    }
  }

  private func soleProducer(of value: Int, for consumer: Int) -> Int? {
    outputs.contains(value) || consumers(of: value) != [consumer] ? nil : producer(of: value)
  }

  /// Constants at the ends of a concatenation become padding with zeros and, where they are something else, an addition.
  mutating func replaceConstantParts() -> [String] {
    var log: [String] = []
    for index in nodes.indices.reversed() {
      guard case .concat(let axis) = nodes[index].operation else { continue }
      let node = nodes[index]
      let isConstant = node.inputs.map { values[$0].constant != nil }
      guard let first = isConstant.firstIndex(of: false), let last = isConstant.lastIndex(of: false), isConstant.contains(true),
        !isConstant[first...last].contains(true)
      else { continue }
      let output = values[node.outputs[0]]
      let extents = node.inputs.map { values[$0].shape[axis] }
      func along(_ parts: ArraySlice<Int>) -> [Int] { output.shape.indices.map { $0 == axis ? parts.reduce(0, +) : 0 } }
      let pad = FloatOperation.pad(before: along(extents[..<first]), after: along(extents[(last + 1)...]), value: 0)
      var chain = [ChainLink(operation: pad, shape: output.shape)]
      if let rest = constantParts(of: node, axis: axis, shape: output.shape) {
        let constant = FloatValue(name: output.name + ".constant", shape: output.shape, constant: rest)
        chain.append(ChainLink(operation: .binary(.add), constants: [constant], shape: output.shape))
      }
      if first < last {
        var shape = output.shape
        shape[axis] = extents[first...last].reduce(0, +)
        let middle = adopt(FloatValue(name: freshName(output.name + ".middle"), shape: shape))
        replace(node: index, by: chain, of: middle)
        nodes.insert(
          FloatNode(name: node.name, .concat(axis: axis), inputs: Array(node.inputs[first...last]), outputs: [middle]), at: index)
      } else {
        replace(node: index, by: chain, of: node.inputs[first])
      }
      log.append("\(node.name): constant operands made padding")
    }
    return log
  }

  /// The constants of a concatenation in their places, zeros elsewhere; nil when they are zeros too.
  private func constantParts(of node: FloatNode, axis: Int, shape: [Int]) -> [Float]? {
    let parts = node.inputs.map { values[$0].constant }
    guard parts.contains(where: { $0?.contains { $0 != 0 } ?? false }) else { return nil }
    let inner = shape[(axis + 1)...].reduce(1, *)
    var result: [Float] = []
    for outer in 0..<shape[..<axis].reduce(1, *) {
      for (part, input) in zip(parts, node.inputs) {
        let count = values[input].shape[axis] * inner
        if let part { result += part[outer * count..<(outer + 1) * count] } else { result += repeatElement(0, count: count) }
      }
    }
    return result
  }
}

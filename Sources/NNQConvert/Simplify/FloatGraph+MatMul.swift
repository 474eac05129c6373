import NNQFloat

extension FloatGraph {
  /// Takes multiplication or division by a positive number, of an operand or of the product, into a product of activations: it
  /// changes nothing but the step of the accumulator.
  mutating func foldMatMulScale() -> [String] {
    for index in nodes.indices {
      guard case .matMul(let scale) = nodes[index].operation else { continue }
      for (operand, value) in nodes[index].inputs.enumerated() {
        guard let (unscaled, factor) = scaledValue(value) else { continue }
        nodes[index].operation = .matMul(scale: scale * factor)
        nodes[index].inputs[operand] = unscaled
        return ["\(nodes[index].name): factor \(factor) of an operand folded in"]
      }
      let product = nodes[index].outputs[0]
      guard !outputs.contains(product), let consumer = consumers(of: product).only,
        let (unscaled, factor) = scaledValue(nodes[consumer].outputs[0]), unscaled == product
      else { continue }
      nodes[index].operation = .matMul(scale: scale * factor)
      nodes[index].outputs = nodes[consumer].outputs
      nodes.remove(at: consumer)
      return ["\(nodes[index].name): factor \(factor) of the product folded in"]
    }
    return []
  }

  /// What a value is a multiple of, when it is one of something else of its shape.
  private func scaledValue(_ value: Int) -> (unscaled: Int, factor: Float)? {
    guard let producer = producer(of: value), case .binary(let operation) = nodes[producer].operation else { return nil }
    let inputs = nodes[producer].inputs
    for (unscaled, number) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
      guard values[unscaled].shape == values[value].shape, values[unscaled].constant == nil, let elements = values[number].constant,
        elements.count == 1, elements[0] > 0, elements[0].isFinite, (1 / elements[0]).isFinite
      else { continue }
      if operation == .mul { return (unscaled, elements[0]) }
      if operation == .div, number == inputs[1] { return (unscaled, 1 / elements[0]) }
    }
    return nil
  }
}

extension [Int] {
  fileprivate var only: Int? { count == 1 ? self[0] : nil }
}

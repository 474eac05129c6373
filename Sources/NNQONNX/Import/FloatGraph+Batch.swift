import NNQFloat

extension FloatGraph {
  /// Makes a net whose inputs fix the batch at N one for batch 1, which then runs with any.
  ///
  /// Each value must keep the batch as its first axis: where an operation moves it, joins it with another axis or computes
  /// across its items, the net is refused. Constants that repeat something for each item are cut to one item.
  /// - Returns: what is refused.
  mutating func reduceBatch() -> [Refusal] {
    let batches = inputs.map { values[$0].shape[0] }
    guard let batch = batches.max(), batch > 1 else { return [] }
    if let odd = inputs.first(where: { values[$0].shape[0] != batch }) {
      let reason = "its first axis has \(values[odd].shape[0]) elements, that of another input \(batch)"
      return [Refusal(.batchAxis, at: Place("input", values[odd].name), reason, remedy: Self.batchRemedy)]
    }
    for input in inputs { values[input].shape[0] = 1 }
    return nodes.indices.compactMap { reduceBatch(ofNode: $0, from: batch) }
  }

  private static let batchRemedy = "export the net with batch 1"

  private mutating func reduceBatch(ofNode index: Int, from batch: Int) -> Refusal? {
    let node = nodes[index]
    let output = node.outputs[0]
    let stated = values[output].shape
    var reduced = stated
    if !reduced.isEmpty { reduced[0] = 1 }
    defer { values[output].shape = reduced }
    guard stated.first == batch, !computesAcrossBatch(node, rank: stated.count) else { return refusal(node, batch) }
    if (try? outputShape(of: node.operation, name: node.name, inputs: node.inputs, declared: reduced)) != nil { return nil }
    nodes[index].inputs = node.inputs.map { oneItem(ofConstant: $0, batch: batch) ?? $0 }
    let inputs = nodes[index].inputs
    guard (try? outputShape(of: node.operation, name: node.name, inputs: inputs, declared: reduced)) != nil else {
      return refusal(node, batch)
    }
    return nil
  }

  /// Whether an item of the output depends on other items of what the net computes, though its shape does not tell.
  ///
  /// - Parameter rank: the output's.
  private func computesAcrossBatch(_ node: FloatNode, rank: Int) -> Bool {
    switch node.operation {
    case .softmax(axis: 0), .take(axis: 0): true
    case .layerNormalization: rank == 1
    // An operand of fewer axes is repeated for each item.
    case .binary: node.inputs.contains { values[$0].constant == nil && values[$0].shape.count < rank }
    default: false
    }
  }

  /// The first of N equal items of a constant, as a constant of its own.
  private mutating func oneItem(ofConstant value: Int, batch: Int) -> Int? {
    let source = values[value]
    guard let elements = source.constant, source.shape.first == batch else { return nil }
    let count = elements.count / batch
    let item = elements[..<count]
    guard stride(from: count, to: elements.count, by: count).allSatisfy({ elements[$0..<$0 + count] == item }) else { return nil }
    values.append(FloatValue(name: source.name + ".item", shape: [1] + source.shape.dropFirst(), constant: Array(item)))
    return values.count - 1
  }

  private func refusal(_ node: FloatNode, _ batch: Int) -> Refusal {
    Refusal(
      .batchAxis, at: Place(node.operation.name, node.name), "it moves, joins or computes across the batch axis, fixed at \(batch)",
      remedy: Self.batchRemedy)
  }
}

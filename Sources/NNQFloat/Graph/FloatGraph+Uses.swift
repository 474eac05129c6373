/// Who defines and who uses a value: what a rewriting pass asks.
extension FloatGraph {
  /// For each value the index of the node that defines it; nil for inputs and constants.
  package func producers() -> [Int?] {
    var producers = [Int?](repeating: nil, count: values.count)
    for (index, node) in nodes.enumerated() {
      for output in node.outputs { producers[output] = index }
    }
    return producers
  }

  /// For each value the indices of the nodes that use it, ascending, each once.
  package func consumers() -> [[Int]] {
    var consumers = [[Int]](repeating: [], count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs where consumers[input].last != index { consumers[input].append(index) }
    }
    return consumers
  }

  /// The node that defines a value.
  package func producer(of value: Int) -> Int? { nodes.firstIndex { $0.outputs.contains(value) } }

  /// The nodes that use a value, ascending.
  package func consumers(of value: Int) -> [Int] { nodes.indices.filter { nodes[$0].inputs.contains(value) } }

  /// Lets every user of one value, graph outputs too, use another.
  package mutating func replaceUses(of old: Int, with new: Int) {
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0 == old ? new : $0 }
    }
    outputs = outputs.map { $0 == old ? new : $0 }
  }

  /// Removes the nodes no output depends on, then the values nothing refers to; indices of values change.
  package mutating func removeDeadNodes() {
    var isUsed = [Bool](repeating: false, count: values.count)
    for output in outputs { isUsed[output] = true }
    var kept: [FloatNode] = []
    for node in nodes.reversed() where node.outputs.contains(where: { isUsed[$0] }) {
      for value in node.inputs + node.outputs { isUsed[value] = true }
      kept.append(node)
    }
    nodes = kept.reversed()
    for input in inputs { isUsed[input] = true }
    keepValues(where: isUsed)
  }

  private mutating func keepValues(where isKept: [Bool]) {
    var newIndex = [Int](repeating: 0, count: values.count)
    var kept: [FloatValue] = []
    for index in values.indices where isKept[index] {
      newIndex[index] = kept.count
      kept.append(values[index])
    }
    values = kept
    inputs = inputs.map { newIndex[$0] }
    outputs = outputs.map { newIndex[$0] }
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { newIndex[$0] }
      nodes[index].outputs = nodes[index].outputs.map { newIndex[$0] }
    }
  }
}

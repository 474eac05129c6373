/// Inputs of integers, which number the rows of tables.
extension FloatGraph {
  /// For each graph input the number of rows that it chooses from, that of the smallest table; nil for real numbers.
  package var indexCounts: [Int?] {
    inputs.map { input in
      let tables = nodes.filter { $0.operation == .gather && $0.inputs[0] == input }.map { $0.inputs[1] }
      return tables.map { values[$0].shape[0] }.min()
    }
  }

  /// The first element of a sample that no table of its input has a row for: the input's place, and the element.
  package func firstUnknownIndex(in sample: [[Float]]) -> (input: Int, element: Float, count: Int)? {
    for (input, count) in indexCounts.enumerated() {
      guard let count else { continue }
      let isUnknown = { (element: Float) in Int(exactly: element).map { !(0..<count).contains($0) } ?? true }
      if let element = sample[input].first(where: isUnknown) { return (input, element, count) }
    }
    return nil
  }

  /// What gather reads is a graph input that nothing else reads, and a constant.
  func checkGathers() throws(FloatGraphError) {
    for node in nodes where node.operation == .gather {
      let (x, table) = (node.inputs[0], node.inputs[1])
      let isReadOtherwise =
        outputs.contains(x)
        || nodes.contains { other in
          other.inputs.enumerated().contains { $1 == x && !(other.operation == .gather && $0 == 0) }
        }
      guard inputs.contains(x), !isReadOtherwise else {
        let got = isReadOtherwise ? "'\(values[x].name)', which others read" : "'\(values[x].name)'"
        throw FloatGraphError(node: node.name, .record("operand 0", got: got, allowed: "a graph input that gather alone reads"))
      }
      guard values[table].constant != nil else {
        throw FloatGraphError(node: node.name, .record("operand 1", got: "'\(values[table].name)'", allowed: "a constant"))
      }
    }
  }
}

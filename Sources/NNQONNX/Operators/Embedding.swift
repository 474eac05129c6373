import NNQFloat

extension NodeReader {
  /// Rows of a constant table by an input of integers. What a row holds is flattened meanwhile.
  ///
  /// - Parameter shape: in which the node sees the input.
  func gatherRows(_ numbers: Int, _ shape: [Int], _ graph: inout GraphBuilder) throws(Refusal) -> Operand {
    let table = try constant(0)
    guard try axis(integer("axis") ?? 0, rank: table.shape.count) == 0 else {
      throw Refusal(.unsupportedAttribute, at: place("axis"), "an input of integers chooses along axis 0 alone")
    }
    let channels = table.shape.dropFirst().reduce(1, *)
    let flat = [table.shape[0], channels]
    let rows = try graph.constant(self, operand: 0, derivation: table.shape == flat ? "" : ".rows", shape: flat) { $0 }
    let result = shape + table.shape.dropFirst()
    guard result != graph.shape(of: numbers) + [channels] else { return try graph.append(.gather, self, inputs: [numbers, rows]) }
    let gathered = try graph.append(step: "rows", .gather, self, inputs: [numbers, rows])
    return try graph.append(.reshape, self, inputs: [gathered], shape: result)
  }
}

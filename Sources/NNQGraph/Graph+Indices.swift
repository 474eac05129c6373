import NNQFormat

extension Graph {
  /// For each input port the number of rows that its integers choose from, that of the smallest table; nil for real inputs.
  /// Spec: operators.md 4.
  public var indexCounts: [Int?] {
    inputs.map { port in
      guard tensors[port.tensor].elementType == .s32 else { return nil }
      return nodes.filter { $0.inputs[0] == port.tensor }.map { tensors[$0.inputs[1]].shape[0] }.min()
    }
  }
}

/// Operator sets before 7.
extension NodeReader {
  /// Arithmetic whose attribute `axis` says where the second operand's axes lie among the first's.
  static let legacyBroadcasting: Set = ["Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"]

  /// Gives the second operand axes of extent 1 at its end, so that the rules of newer operator sets, which align at the last
  /// axis, hold. The slopes of PRelu are one for each channel, axis 1, there.
  mutating func alignLegacyOperand(_ graph: inout GraphBuilder) throws(Refusal) {
    let isSlope = node.opType == "PRelu"
    guard isSlope || Self.legacyBroadcasting.contains(node.opType), let axis = try isSlope ? 1 : integer("axis") else { return }
    let (rank, shape) = (try operand(0).shape.count, try operand(1).shape)
    guard !isSlope || shape.count == 1 && shape[0] > 1 else { return }
    let start = try self.axis(axis, rank: rank)
    let trailing = rank - start - shape.count
    guard trailing >= 0 else {
      throw Refusal(.invalidAttribute, at: place("axis"), "operand 1 of shape \(shape) at axis \(axis) of \(rank) axes")
    }
    guard trailing > 0 else { return }
    let aligned = shape + [Int](repeating: 1, count: trailing)
    switch try operand(1) {
    case .constant(let tensor): operands[1] = .constant(tensor.reshaped(aligned))
    case .value(let value, shape: _):
      operands[1] = .value(try graph.append(step: "aligned", .reshape, self, inputs: [value], shape: aligned), shape: aligned)
    }
  }
}

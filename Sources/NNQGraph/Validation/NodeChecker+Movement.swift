import NNQFormat

/// pad, slice, reshape and concat. Spec: operators.md 3.6 to 3.9.
extension NodeChecker {
  func checkPad(before: [Int], after: [Int]) throws(GraphError) {
    try checkMovement()
    let x = input(0).shape
    try require(before[0] == 0 && after[0] == 0, .attributeRange, got: "padding of the batch axis", expected: "0")
    try requireShape(output, x.indices.map { before[$0] + x[$0] + after[$0] })
  }

  func checkSlice(begin: [Int], step: [Int]) throws(GraphError) {
    try checkMovement()
    let (x, y) = (input(0).shape, output.shape)
    try require(y.count == x.count, .shapeMismatch, got: "rank \(y.count)", expected: "\(x.count)")
    try require(
      begin[0] == 0 && step[0] == 1 && y[0] == x[0], .attributeRange, got: "a slice of the batch axis", expected: "the whole axis")
    for axis in x.indices {
      let last = begin[axis] + (y[axis] - 1) * step[axis]
      try require(last < x[axis], .attributeRange, got: "index \(last) of axis \(axis)", expected: "less than \(x[axis])")
    }
  }

  func checkReshape() throws(GraphError) {
    try checkMovement()
    try require(
      output.elementCount == input(0).elementCount, .shapeMismatch, got: "\(output.shape)", expected: "\(input(0).elementCount) elements")
  }

  func checkConcat(axis: Int) throws(GraphError) {
    try requireOperandCount(2...255)
    let rank = output.shape.count
    try require(axis < rank, .attributeRange, got: "axis \(axis)", expected: "less than \(rank)")
    var shape = input(0).shape
    for index in node.inputs.indices {
      try requireRank(input(index), rank)
      try requireSameQuantization(input(index))
      if index > 0 { shape[axis] += input(index).shape[axis] }
      var other = input(index).shape
      other[axis] = shape[axis]
      try require(
        other == shape, .shapeMismatch, got: "\(input(index).shape) as operand \(index)", expected: "\(input(0).shape) but for axis \(axis)"
      )
    }
    try requireShape(output, shape)
  }

  private func checkMovement() throws(GraphError) {
    try requireOperandCount(1...1)
    try requireActivation(input(0), .u8, .s16)
    try requireSameQuantization(input(0))
  }
}

import NNQFormat

/// pad, slice, reshape, concat, transpose, take and resize. Spec: operators.md 3.6 to 3.12.
extension NodeChecker {
  func checkPad(before: [Int], after: [Int], fill: Int32) throws(GraphError) {
    try checkMovement()
    let range: ClosedRange<Int32> = output.elementType == .u8 ? 0...255 : -32768...32767
    try require(range.contains(fill), .attributeRange, got: "fill \(fill)", expected: "within \(range)")
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

  func checkTranspose(_ permutation: [Int]) throws(GraphError) {
    try checkMovement()
    let x = input(0).shape
    try require(
      permutation[0] == 0 && permutation.sorted() == Array(x.indices), .attributeRange, got: "permutation \(permutation)",
      expected: "each axis of \(x) once, the batch axis first")
    try requireShape(output, permutation.map { x[$0] })
  }

  func checkTake(axis: Int) throws(GraphError) {
    try checkMovement(operandCount: 2)
    var shape = input(0).shape
    try require(axis < shape.count, .attributeRange, got: "axis \(axis)", expected: "less than \(shape.count)")
    try requireRank(input(1), 1)
    try requireConstant(1, .u32, shape: input(1).shape)
    try requireLargest(of: input(1), atMost: shape[axis] - 1)
    shape[axis] = input(1).elementCount
    try requireShape(output, shape)
  }

  func checkResize() throws(GraphError) {
    try checkMovement(operandCount: 3)
    try requireRank(input(0), 4)
    var shape = input(0).shape
    for axis in 1...2 {
      try requireRank(input(axis), 1)
      try requireConstant(axis, .u32, shape: input(axis).shape)
      try requireLargest(of: input(axis), atMost: 256 * (shape[axis] - 1))
      shape[axis] = input(axis).elementCount
    }
    try requireShape(output, shape)
  }

  /// Spec: operators.md 3.19.
  func checkGather() throws(GraphError) {
    try requireOperandCount(2...2)
    try requireActivation(input(0), .s32)
    try requireActivation(output, .u8, .s16)
    try requireRank(input(1), 2)
    try requireConstant(1, output.elementType, shape: input(1).shape)
    try requireShape(output, input(0).shape + [input(1).shape[1]])
  }

  private func requireLargest(of constant: Tensor, atMost limit: Int) throws(GraphError) {
    let largest = constant.integers.max() ?? 0
    try require(largest <= limit, .constantRange, got: "\(largest) in '\(constant.name)'", expected: "at most \(limit)")
  }

  private func checkMovement(operandCount: Int = 1) throws(GraphError) {
    try requireOperandCount(operandCount...operandCount)
    try requireActivation(input(0), .u8, .s16)
    try requireSameQuantization(input(0))
  }
}

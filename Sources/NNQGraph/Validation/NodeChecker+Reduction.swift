import NNQFormat

/// Spec: operators.md 3.16.
extension NodeChecker {
  func check(_ reduction: Reduction) throws(GraphError) {
    try requireOperandCount(1...1)
    try requireActivation(input(0), .u8, .s16)
    try requireActivation(output, .u8, .s16)
    let (x, y) = (input(0).shape, output.shape)
    try requireRank(output, x.count)
    for axis in x.indices where y[axis] != x[axis] && y[axis] != 1 {
      try require(false, .shapeMismatch, got: "extent \(y[axis]) of axis \(axis)", expected: "\(x[axis]) or 1")
    }
    switch reduction {
    case .sum:
      let count = input(0).elementCount / output.elementCount
      try require(
        count <= Reduction.maximumElementCount, .shapeMismatch, got: "\(count) elements for one", expected: "at most 2^20")
    case .max, .min: try requireSameQuantization(input(0))
    }
  }
}

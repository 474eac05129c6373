/// The shape two operands broadcast to: aligned at the last axis, extents equal or 1.
package func broadcastShape(_ a: [Int], _ b: [Int]) throws(FloatGraphError.Reason) -> [Int] {
  let rank = max(a.count, b.count)
  var shape: [Int] = []
  for axis in 0..<rank {
    let extentA = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
    let extentB = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
    guard extentA == extentB || extentA == 1 || extentB == 1 else { throw .notBroadcastable(a, b) }
    shape.append(max(extentA, extentB))
  }
  return shape
}

extension FloatUnary {
  func outputShape(_ x: [Int]) throws(FloatGraphError.Reason) -> [Int] {
    switch self {
    case .relu, .sigmoid, .tanh, .hardSwish, .function: break
    case .clip(let lo, let hi):
      // Also false for NaN.
      guard lo <= hi else { throw .attribute("clip range", got: "\(lo)...\(hi)", allowed: "min <= max") }
    case .hardSigmoid(let alpha, let beta):
      try checkFinite(alpha, "alpha")
      try checkFinite(beta, "beta")
    case .selu(let alpha, let gamma):
      try checkFinite(alpha, "alpha")
      try checkFinite(gamma, "gamma")
    case .shrink(let bias, let lambda):
      try checkFinite(bias, "bias")
      try checkFinite(lambda, "lambda")
    case .celu(let alpha):
      try checkFinite(alpha, "alpha")
      guard alpha != 0 else { throw .attribute("alpha", got: "0", allowed: "not 0") }
    case .leakyRelu(let alpha), .elu(let alpha), .thresholdedRelu(let alpha), .swish(let alpha):
      try checkFinite(alpha, "alpha")
    }
    return x
  }
}

extension FloatOperation {
  static func batchNormalizationShape(_ operands: [[Int]], epsilon: Float) throws(Problem) -> [Int] {
    let x = operands[0]
    try check(x, operand: 0, rank: 2...maximumRank)
    for operand in 1...4 { try check(operands[operand], operand: operand, is: [x[1]]) }
    guard epsilon >= 0, epsilon.isFinite else { throw .attribute("epsilon", got: "\(epsilon)", allowed: "finite, 0 or more") }
    return x
  }

  static func softmaxShape(_ x: [Int], axis: Int) throws(Problem) -> [Int] {
    try check(x, operand: 0, rank: 1...maximumRank)
    try check(axis, "axis", in: 0...(x.count - 1))
    return x
  }
}

private func checkFinite(_ value: Float, _ name: String) throws(FloatGraphError.Reason) {
  guard value.isFinite else { throw .attribute(name, got: "\(value)", allowed: "finite") }
}

/// Shapes of products of activations, normalisations and reductions.
extension FloatOperation {
  /// Matrices a[..., M, D] and b[..., D, N]; the leading axes broadcast.
  static func matMulShape(_ operands: [[Int]], scale: Float) throws(Problem) -> [Int] {
    guard scale.isFinite else { throw .attribute("scale", got: "\(scale)", allowed: "finite") }
    let (a, b) = (operands[0], operands[1])
    try check(a, operand: 0, rank: 2...maximumRank)
    try check(b, operand: 1, rank: 2...maximumRank)
    let (depth, columns) = (a[a.count - 1], b[b.count - 1])
    try check(b, operand: 1, is: b.dropLast(2) + [depth, columns])
    return try broadcastShape(a.dropLast(2), b.dropLast(2)) + [a[a.count - 2], columns]
  }

  static func layerNormalizationShape(_ operands: [[Int]], epsilon: Float) throws(Problem) -> [Int] {
    let x = operands[0]
    try check(x, operand: 0, rank: 1...maximumRank)
    for operand in 1...2 { try check(operands[operand], operand: operand, is: [x[x.count - 1]]) }
    guard epsilon >= 0, epsilon.isFinite else { throw .attribute("epsilon", got: "\(epsilon)", allowed: "finite, 0 or more") }
    return x
  }

  /// The axes that are brought together are kept with extent 1.
  static func reduceShape(_ x: [Int], axes: [Int]) throws(Problem) -> [Int] {
    try check(x, operand: 0, rank: 1...maximumRank)
    for axis in axes { try check(axis, "axis", in: 0...(x.count - 1)) }
    guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .attribute("axes", got: "\(axes)", allowed: "ascending ones") }
    return x.indices.map { axes.contains($0) ? 1 : x[$0] }
  }
}

/// Shapes of the operations that move elements without computing.
extension FloatOperation {
  /// Extents and places along an axis: at most the elements a legal shape has.
  private static let maximumElementCount = Int(Int32.max) / 4

  static func reshapeShape(_ x: [Int], declared: [Int]?) throws(Problem) -> [Int] {
    guard let declared else { throw .missingOutputShape }
    try checkLegal(declared)
    let elementCount = x.reduce(1, *)
    guard declared.reduce(1, *) == elementCount else { throw .elementCount(elementCount, shape: declared) }
    return declared
  }

  static func transposeShape(_ x: [Int], permutation: [Int]) throws(Problem) -> [Int] {
    guard permutation.sorted() == Array(x.indices) else {
      throw .attribute("permutation", got: "\(permutation)", allowed: "each axis of \(x) once")
    }
    return permutation.map { x[$0] }
  }

  static func padShape(_ x: [Int], before: [Int], after: [Int]) throws(Problem) -> [Int] {
    try check(before, "before", count: x.count, in: 0...maximumElementCount)
    try check(after, "after", count: x.count, in: 0...maximumElementCount)
    return x.indices.map { before[$0] + x[$0] + after[$0] }
  }

  static func sliceShape(_ x: [Int], begin: [Int], step: [Int], declared: [Int]?) throws(Problem) -> [Int] {
    guard let declared else { throw .missingOutputShape }
    try checkLegal(declared)
    try check(begin, "begin", count: x.count, in: 0...maximumElementCount)
    try check(step, "step", count: x.count, in: 1...maximumElementCount)
    guard declared.count == x.count else { throw .outputShape(declared, expected: x) }
    for axis in x.indices {
      let last = begin[axis] + (declared[axis] - 1) * step[axis]
      guard last < x[axis] else {
        throw .attribute("slice", got: "element \(last) of axis \(axis)", allowed: "below \(x[axis])")
      }
    }
    return declared
  }

  static func gatherShape(_ operands: [[Int]]) throws(Problem) -> [Int] {
    try check(operands[1], operand: 1, rank: 2...2)
    return operands[0] + [operands[1][1]]
  }

  static func takeShape(_ operands: [[Int]], axis: Int) throws(Problem) -> [Int] {
    var shape = operands[0]
    try check(shape, operand: 0, rank: 1...maximumRank)
    try check(axis, "axis", in: 0...(shape.count - 1))
    try check(operands[1], operand: 1, rank: 1...1)
    shape[axis] = operands[1][0]
    return shape
  }

  static func resizeShape(_ operands: [[Int]]) throws(Problem) -> [Int] {
    var shape = operands[0]
    try check(shape, operand: 0, rank: (operands.count + 1)...(operands.count + 1))
    for operand in 1..<operands.count {
      try check(operands[operand], operand: operand, rank: 1...1)
      shape[operand + 1] = operands[operand][0]
    }
    return shape
  }

  /// Which operands are places along which axis of x, and whether they name single elements.
  var placeOperands: [(operand: Int, axis: Int, areWhole: Bool)] {
    switch self {
    case .take(let axis): [(1, axis, true)]
    case .resize: [(1, 2, false), (2, 3, false)]
    default: []
    }
  }

  static func concatShape(_ operands: [[Int]], axis: Int) throws(Problem) -> [Int] {
    var shape = operands[0]
    try check(shape, operand: 0, rank: 1...maximumRank)
    try check(axis, "axis", in: 0...(shape.count - 1))
    for operand in 1..<operands.count {
      try check(operands[operand], operand: operand, rank: shape.count...shape.count)
      var expected = shape
      expected[axis] = operands[operand][axis]
      try check(operands[operand], operand: operand, is: expected)
      shape[axis] += operands[operand][axis]
    }
    return shape
  }
}

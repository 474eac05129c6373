import NNQFormat

/// pad, slice, concat, transpose, take and resize. Spec: operators.md 3.6 to 3.12.
extension NodeOperands {
  func pad(before: [Int], fill: Int32) -> [Int32] {
    let (values, x) = (values(0), tensor(0).shape)
    return output.shape.withIndices { index in
      let source = index.indices.map { index[$0] - before[$0] }
      return x.contains(source) ? values[x.offset(of: source)] : fill
    }
  }

  func slice(begin: [Int], step: [Int]) -> [Int32] {
    let (values, x) = (values(0), tensor(0).shape)
    return output.shape.withIndices { index in
      values[x.offset(of: index.indices.map { begin[$0] + index[$0] * step[$0] })]
    }
  }

  func concat(axis: Int) -> [Int32] {
    output.shape.withIndices { index in
      var index = index
      var operand = 0
      while index[axis] >= tensor(operand).shape[axis] {
        index[axis] -= tensor(operand).shape[axis]
        operand += 1
      }
      return values(operand)[tensor(operand).shape.offset(of: index)]
    }
  }

  func transpose(_ permutation: [Int]) -> [Int32] {
    let (values, x) = (values(0), tensor(0).shape)
    return output.shape.withIndices { index in
      var source = index
      for (axis, sourceAxis) in permutation.enumerated() { source[sourceAxis] = index[axis] }
      return values[x.offset(of: source)]
    }
  }

  func take(axis: Int) -> [Int32] {
    let (values, x, indices) = (values(0), tensor(0).shape, tensor(1).integers)
    return output.shape.withIndices { index in
      var source = index
      source[axis] = indices[index[axis]]
      return values[x.offset(of: source)]
    }
  }

  /// Spec: operators.md 3.19.
  func gather() -> [Int32] {
    let (table, rowCount, channels) = (tensor(1).integers, tensor(1).shape[0], tensor(1).shape[1])
    return values(0).flatMap { number in
      let row = clamp(Int(number), 0, rowCount - 1)
      return (0..<channels).map { Int32(table[row * channels + $0]) }
    }
  }

  /// Spec: operators.md 3.12.
  func resize() -> [Int32] {
    let (values, x) = (values(0), tensor(0).shape)
    let (rows, columns) = (tensor(1).integers, tensor(2).integers)
    return output.shape.withIndices { index in
      let (i, f) = rows[index[1]].quotientAndRemainder(dividingBy: 256)
      let (j, g) = columns[index[2]].quotientAndRemainder(dividingBy: 256)
      func blended(row: Int) -> Int {
        let (left, right) = (x.offset(of: [0, row, j, index[3]]), x.offset(of: [0, row, min(j + 1, x[2] - 1), index[3]]))
        return (256 - g) * Int(values[left]) + g * Int(values[right])
      }
      return Int32(((256 - f) * blended(row: i) + f * blended(row: min(i + 1, x[1] - 1)) + 1 << 15) >> 16)
    }
  }
}

/// A shape as the set of its indices.
extension [Int] {
  /// `body` of every index, the last axis fastest.
  func withIndices(_ body: ([Int]) -> Int32) -> [Int32] {
    var index = [Int](repeating: 0, count: count)
    return (0..<reduce(1, *)).map { _ in
      defer { advance(&index) }
      return body(index)
    }
  }

  private func advance(_ index: inout [Int]) {
    for axis in indices.reversed() {
      index[axis] += 1
      if index[axis] < self[axis] { return }
      index[axis] = 0
    }
  }

  func contains(_ index: [Int]) -> Bool { indices.allSatisfy { (0..<self[$0]).contains(index[$0]) } }

  func offset(of index: [Int]) -> Int { zip(self, index).reduce(0) { $0 * $1.0 + $1.1 } }
}

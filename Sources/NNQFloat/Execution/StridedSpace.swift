/// The index space of two tensors that are walked together, each with its own strides (in elements; 0 repeats).
///
/// Broadcasting, transposition, padding, slicing and concatenation are all such walks.
struct StridedSpace {
  private(set) var shape: [Int]
  private(set) var stridesA: [Int]
  private(set) var stridesB: [Int]

  /// Axes that both tensors walk without a jump become one, so that rows are long.
  init(shape: [Int], stridesA: [Int], stridesB: [Int]) {
    self.shape = [1]
    self.stridesA = [0]
    self.stridesB = [0]
    for axis in shape.indices where shape[axis] > 1 {
      append(extent: shape[axis], strideA: stridesA[axis], strideB: stridesB[axis])
    }
  }

  private mutating func append(extent: Int, strideA: Int, strideB: Int) {
    let last = shape.count - 1
    if shape[last] == 1 {
      (shape[last], stridesA[last], stridesB[last]) = (extent, strideA, strideB)
    } else if stridesA[last] == strideA * extent, stridesB[last] == strideB * extent {
      (shape[last], stridesA[last], stridesB[last]) = (shape[last] * extent, strideA, strideB)
    } else {
      shape.append(extent)
      stridesA.append(strideA)
      stridesB.append(strideB)
    }
  }

  var rowLength: Int { shape[shape.count - 1] }
  var rowStrideA: Int { stridesA[stridesA.count - 1] }
  var rowStrideB: Int { stridesB[stridesB.count - 1] }

  /// Calls `body` with the offsets of each row's first elements, in memory order of the space.
  @inline(__always)
  func forEachRow(_ body: (_ offsetA: Int, _ offsetB: Int) -> Void) {
    let outerCount = shape.count - 1
    var index = [Int](repeating: 0, count: outerCount)
    var (offsetA, offsetB) = (0, 0)
    while true {
      body(offsetA, offsetB)
      var axis = outerCount - 1
      while axis >= 0 {
        index[axis] += 1
        offsetA += stridesA[axis]
        offsetB += stridesB[axis]
        if index[axis] < shape[axis] { break }
        offsetA -= stridesA[axis] * shape[axis]
        offsetB -= stridesB[axis] * shape[axis]
        index[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}

/// The strides of a row-major tensor, in elements.
func contiguousStrides(_ shape: [Int]) -> [Int] {
  var strides = [Int](repeating: 1, count: shape.count)
  for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
  return strides
}

import CKernels
import NNQGraph

/// matMul and layerNorm. Spec: operators.md 3.17 and 3.18.
extension Lowering {
  mutating func lower(_ matMul: MatMul, of index: Int) throws(RuntimeError) {
    let (a, b, y) = (input(0, of: index), input(1, of: index), try output(of: index))
    let shapes = (graph.nodes[index].inputs + graph.nodes[index].outputs).map { graph.tensors[$0].shape }
    let parameters = nn_matmul(matMul, shapes: shapes, imageCount: y.layout.imageCount)
    let depth = shapes[0][shapes[0].count - 1]
    try emit(
      kernels.pointee.matmul, of: index, from: a, and: b, to: y, splitsColumns: true,
      macCount: y.layout.pixelCount * y.layout.channels * depth
    ) { $0.u.matmul = parameters }
  }

  mutating func lower(_ norm: LayerNorm, of index: Int) throws(RuntimeError) {
    let parameters = nn_layer_norm(
      gain: constants.copy(ofNode: index, operand: 1).assumingMemoryBound(to: Int16.self),
      offset: constants.copy(ofNode: index, operand: 2).assumingMemoryBound(to: Int32.self),
      subtracts_mean: norm.subtractsMean ? 1 : 0, epsilon: norm.epsilon, epsilon_shift: norm.epsilonShift, shift: norm.shift)
    try emit(kernels.pointee.layer_norm, of: index, from: input(0, of: index), to: try output(of: index)) {
      $0.u.layer_norm = parameters
    }
  }
}

extension nn_matmul {
  /// Safe: extents are those of planned activations, which fit 31 bits.
  ///
  /// - Parameters:
  ///   - shapes: of a, b and y; one rank, 3 or more.
  ///   - imageCount: what axis 0 of all three is in this plan.
  fileprivate init(_ matMul: MatMul, shapes: [[Int]], imageCount: Int) {
    self.init()
    let rank = shapes[2].count
    (rows, columns, depth) = (Int32(shapes[2][rank - 2]), Int32(shapes[2][rank - 1]), Int32(shapes[0][rank - 1]))
    transpose_b = matMul.transposeB ? 1 : 0
    (multiplier, shift, lo, hi) = (matMul.multiplier, matMul.shift, matMul.lo, matMul.hi)
    let extents = [imageCount] + shapes[2][1..<rank - 2]
    setBox(extents, nn_matmul.steps(of: shapes[0], in: extents), nn_matmul.steps(of: shapes[1], in: extents))
  }

  /// How many matrices of an operand lie between neighbours along each leading axis; 0 where it repeats.
  private static func steps(of shape: [Int], in extents: [Int]) -> [Int] {
    var (steps, step) = ([Int](), 1)
    for axis in extents.indices.reversed() {
      let extent = axis == 0 ? extents[0] : shape[axis]
      steps.append(extent == 1 ? 0 : step)
      step *= extent
    }
    return steps.reversed()
  }

  /// Leading axes of extent 1 come first. A tensor has eight axes at most, of which two are those of a matrix.
  private mutating func setBox(_ extents: [Int], _ stepsA: [Int], _ stepsB: [Int]) {
    let missing = Int(NN_MATMUL_AXES) - extents.count
    func padded(_ values: [Int], _ value: Int) -> [Int32] {
      (Array(repeating: value, count: missing) + values).map { Int32($0) }
    }
    let (e, a, b) = (padded(extents, 1), padded(stepsA, 0), padded(stepsB, 0))
    extent = (e[0], e[1], e[2], e[3], e[4], e[5])
    step_a = (a[0], a[1], a[2], a[3], a[4], a[5])
    step_b = (b[0], b[1], b[2], b[3], b[4], b[5])
  }
}

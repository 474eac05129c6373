import CKernels
import NNQGraph

/// Spec: operators.md 3.16.
extension Lowering {
  mutating func lower(_ reduction: Reduction, of index: Int) throws(RuntimeError) {
    let (x, y) = (input(0, of: index), try output(of: index))
    let node = graph.nodes[index]
    var parameters = nn_reduce(
      graph.tensors[node.inputs[0]].shape, to: graph.tensors[node.outputs[0]].shape, imageCount: y.layout.imageCount)
    switch reduction {
    case .sum(let multiplier, let shift):
      (parameters.kind, parameters.multiplier, parameters.shift) = (Int32(NN_REDUCE_SUM), multiplier, shift)
    case .max: parameters.kind = Int32(NN_REDUCE_MAX)
    case .min: parameters.kind = Int32(NN_REDUCE_MIN)
    }
    try emit(kernels.pointee.reduce, of: index, from: x, to: y) { $0.u.reduce = parameters }
  }
}

extension nn_reduce {
  /// Safe: extents are those of planned activations, which fit 31 bits.
  ///
  /// - Parameters:
  ///   - x, y: shapes for batch 1.
  ///   - imageCount: what axis 0 of both is in this plan.
  fileprivate init(_ x: [Int], to y: [Int], imageCount: Int) {
    self.init()
    var (kept, reduced) = (PixelBox(), PixelBox())
    var step = 1
    for axis in x.indices.dropLast().reversed() {
      let extent = axis == 0 ? imageCount : x[axis]
      if axis == 0 || y[axis] == x[axis] { kept.prepend(extent, step) } else { reduced.prepend(extent, step) }
      step *= extent
    }
    (kept_extent, kept_step) = (kept.extents, kept.steps)
    (reduced_extent, reduced_step) = (reduced.extents, reduced.steps)
  }
}

/// A box of pixels with the distances of neighbours along its axes. Adjacent axes that are walked without a jump become one:
/// eight axes, kept and reduced in turn and the last one channels, leave four of either kind.
private struct PixelBox {
  private var axes: [(extent: Int, step: Int)] = []

  /// Adds an axis outside of all others.
  mutating func prepend(_ extent: Int, _ step: Int) {
    guard extent > 1 else { return }
    if let first = axes.first, first.extent * first.step == step {
      axes[0].extent *= extent
    } else {
      axes.insert((extent, step), at: 0)
    }
  }

  var extents: (Int32, Int32, Int32, Int32) { padded(1) { $0.extent } }
  var steps: (Int32, Int32, Int32, Int32) { padded(0) { $0.step } }

  private func padded(_ value: Int, _ number: ((extent: Int, step: Int)) -> Int) -> (Int32, Int32, Int32, Int32) {
    let values = (Array(repeating: value, count: Int(NN_REDUCE_AXES) - axes.count) + axes.map(number)).map { Int32($0) }
    return (values[0], values[1], values[2], values[3])
  }
}

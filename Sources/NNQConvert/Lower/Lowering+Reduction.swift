import NNQFloat
import NNQGraph

extension Lowering {
  /// Along whatever axes memory has. Spec: operators.md 3.16.
  mutating func lowerReduction(_ layer: Layer, _ reduction: FloatReduction, axes: [Int]) throws(ConvertError) {
    let x = shape(layer.inputs[0])
    let count = axes.reduce(1) { $0 * x[$1] }
    let ratio = plan.grid(layer.inputs[0]).scale / plan.grid(layer.output).scale
    let operation: NNQGraph.Reduction =
      switch reduction {
      case .max: .max
      case .min: .min
      case .sum: sum(times: ratio)
      case .mean: sum(times: ratio / Double(count))
      }
    let long = axes.filter { x[$0] > 1 }
    try move(layer, layer.inputs, along: long.isEmpty ? [0] : long) { _ in .reduce(operation) }
  }

  /// The multiplier has 24 bits, or fewer where the factor is small.
  private func sum(times factor: Double) -> NNQGraph.Reduction {
    var shift = 60
    while shift > 1, factor * Double(1 << shift) > 0x1p24 - 1 { shift -= 1 }
    let multiplier = Int((factor * Double(1 << shift)).rounded(), clampedTo: 1...(1 << 24 - 1))
    return .sum(multiplier: Int32(multiplier), shift: Int32(shift))
  }
}

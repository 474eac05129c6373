import NNQFloat
import NNQFormat
import NNQGraph

extension Lowering {
  /// The table's rows lie on the grid of what is looked up.
  mutating func lowerGather(_ layer: Layer) throws(ConvertError) {
    let numbers = try placement(layer.inputs[0], for: layer.name).tensor
    let (table, grid) = (net.graph.values[layer.inputs[1]], plan.grid(layer.output))
    let entries = (table.constant ?? []).map { grid.quantize(Double($0)) }
    let rows = append("", grid.elementType, shape: table.shape, Constant(entries, as: grid.elementType))
    let output = shape(layer.output)
    let tensor = place(
      layer.output, order: .rowMajor(output), shape: tensors[numbers].shape + output.suffix(1))
    nodes.append(Node(.gather, inputs: [numbers, rows], outputs: [tensor]))
  }
}

import NNQFloat
import NNQGraph

extension Lowering {
  /// The same values on another grid. Spec: operators.md 3.15.
  mutating func lowerRequantize(_ layer: Layer) throws(ConvertError) {
    let source = try placement(layer.inputs[0], for: layer.name)
    let output = plan.grid(layer.output)
    let change = Requantize(plan.grid(layer.inputs[0]), output, output.limits)
    nodes.append(Node(.requantize(change), inputs: [source.tensor], outputs: [place(layer.output, like: source)]))
  }
}

import NNQFloat
import NNQFormat
import NNQGraph

extension ConversionReport.LayerReport {
  /// - Parameters:
  ///   - layer: as pruning left it.
  ///   - rounded: its rounded weights; nil in a float model and for layers without weights.
  ///   - noise: what 8 bits for its output would add to the net's outputs, relative power; nil if that was not measured.
  init(_ layer: Layer, in graph: FloatGraph, plan: QuantizationPlan?, rounded: RoundedWeights?, noise: Double?) {
    self.init(
      name: layer.name, kind: layer.kind + (layer.residual == nil ? "" : " + residual"),
      fused: layer.fused(in: graph), outputShape: graph.values[layer.output].shape, weightCount: layer.weights?.values.count ?? 0,
      zeroCount: rounded.map { $0.quantized.levels.count { $0 == 0 } } ?? layer.weights?.zeroCount ?? 0,
      bits: rounded?.quantized.bits ?? (layer.weights == nil ? 0 : 32), outputGrid: plan.map { "\($0.grid(layer.output))" },
      narrowNoiseDecibels: noise.map(decibels))
  }
}

extension Layer {
  fileprivate func fused(in graph: FloatGraph) -> [String] {
    var parts: [String] = []
    if let residual { parts.append("residual '\(graph.values[residual].name)'") }
    if clamp != -.infinity ... .infinity { parts.append("clamp \(clamp.lowerBound) to \(clamp.upperBound)") }
    return parts
  }
}

extension ConversionReport.OperatorReport {
  static func list(_ graph: Graph) -> [Self] {
    graph.nodes.map { node in
      Self(
        operation: node.operation.name, inputs: node.inputs.map { graph.tensors[$0].summary },
        output: graph.tensors[node.outputs[0]].summary)
    }
  }
}

extension Tensor {
  /// "conv1 u8 [1, 4, 4, 8]".
  fileprivate var summary: String { "\(name.isEmpty ? "constant" : name) \(elementType) \(shape)" }
}

extension ActivationGrid: CustomStringConvertible {
  var description: String {
    let range = "\(Float(dequantize(limits.lowerBound))) to \(Float(dequantize(limits.upperBound)))"
    return "\(elementType) scale \(Float(scale)) zero point \(zeroPoint), \(range)"
  }
}

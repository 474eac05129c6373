import NNQFloat
import NNQFormat

extension ConversionReport.LayerReport {
  /// - Parameters:
  ///   - layer: as pruning left it.
  ///   - rounded: its rounded weights; nil in a float model and for layers without weights.
  ///   - noise: what 8 bits for its output would add to the net's outputs, relative power; nil if that was not measured.
  init(_ layer: Layer, in graph: FloatGraph, plan: QuantizationPlan?, rounded: RoundedWeights?, noise: Double?) {
    self.init(
      name: layer.name, kind: layer.kind + (layer.residual == nil ? "" : " + residual"),
      outputShape: graph.values[layer.output].shape, weightCount: layer.weights?.values.count ?? 0,
      zeroCount: rounded.map { $0.quantized.levels.count { $0 == 0 } } ?? layer.weights?.zeroCount ?? 0,
      bits: rounded?.quantized.bits ?? (layer.weights == nil ? 0 : 32), outputGrid: plan.map { "\($0.grid(layer.output))" },
      narrowNoiseDecibels: noise.map(decibels))
  }
}

extension ActivationGrid: CustomStringConvertible {
  var description: String { "\(elementType) scale \(Float(scale)) zero point \(zeroPoint)" }
}

import NNQFloat
import NNQFormat

extension ConversionReport.LayerReport {
  /// - Parameters:
  ///   - layer: as the refit left it.
  ///   - refitted: its rounded weights; nil in a float model and for layers without weights.
  init(_ layer: Layer, in graph: FloatGraph, plan: QuantizationPlan?, refitted: RefittedWeights?) {
    self.init(
      name: layer.name, kind: layer.kind + (layer.residual == nil ? "" : " + residual"),
      outputShape: graph.values[layer.output].shape, weightCount: layer.weights?.values.count ?? 0,
      zeroCount: refitted.map { $0.quantized.levels.count { $0 == 0 } } ?? layer.weights?.zeroCount ?? 0,
      bits: refitted?.quantized.bits ?? (layer.weights == nil ? 0 : 32), outputGrid: plan.map { "\($0.grid(layer.output))" })
  }
}

extension ActivationGrid: CustomStringConvertible {
  var description: String { "\(elementType) scale \(Float(scale)) zero point \(zeroPoint)" }
}

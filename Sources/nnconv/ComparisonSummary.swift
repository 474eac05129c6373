import CommandLineSupport
import NNQConvert

/// What `nnconv --compare` prints.
struct ComparisonSummary {
  /// Worst first.
  let layers: [LayerComparison]
  let samples: String

  /// Schema 1; members are only ever added.
  var json: JSON { ["schema": 1, "samples": .string(samples), "layers": .array(layers.map(layerJSON))] }

  private func layerJSON(_ layer: LayerComparison) -> JSON {
    [
      "name": .string(layer.name), "kind": .string(layer.kind), "sqnr_db": .number(layer.sqnrDecibels),
      "own_sqnr_db": .number(layer.ownDecibels), "pruning": .number(layer.pruningShare), "weights": .number(layer.weightShare),
      "activations": .number(layer.activationShare),
    ]
  }

  var text: String {
    let heading = ["layer", "kind", "SQNR dB", "own dB", "pruning", "weights", "activations"]
    let rows = layers.map { layer in
      [layer.name, layer.kind, decibels(layer.sqnrDecibels), decibels(layer.ownDecibels)]
        + [layer.pruningShare, layer.weightShare, layer.activationShare].map { fixed(100 * $0, 0) + " %" }
    }
    return """
      \(table([heading] + rows, right: [2, 3, 4, 5, 6]))
      \(samples): SQNR of each layer's output against the float net, worst first; own: of what the layer adds itself, and its causes
      """
  }

  private func decibels(_ ratio: Double) -> String { ratio.isFinite ? fixed(ratio, 1) : ratio > 0 ? "exact" : "no signal" }
}

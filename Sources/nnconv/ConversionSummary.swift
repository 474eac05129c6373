import CommandLineSupport
import NNQConvert

/// What nnconv prints when it is done.
struct ConversionSummary {
  let report: ConversionReport
  let source: String
  let sourceByteCount: Int
  let output: String
  let outputByteCount: Int

  private var ratio: Double { Double(sourceByteCount) / Double(outputByteCount) }

  /// Schema 1; members are only ever added.
  var json: JSON {
    [
      "schema": 1, "source": .string(source), "source_bytes": .integer(sourceByteCount), "output": .string(output),
      "output_bytes": .integer(outputByteCount), "ratio": .number(ratio), "weights": .integer(report.weightCount),
      "zeros": .integer(report.zeroCount), "sparsity": .number(report.sparsity), "removed_weights": .integer(report.removedCount),
      "samples": .string(report.samples),
      "calibrated": .bool(report.isCalibrated), "agreement": agreementJSON, "layers": .array(report.layers.map(layerJSON)),
      "simplifications": .array(report.simplifications.map { .string($0) }),
      "operators": .array(report.operators.map(operatorJSON)),
    ]
  }

  private var agreementJSON: JSON {
    guard let agreement = report.agreement else { return .null }
    return [
      "samples": .integer(agreement.sampleCount), "same_top": .integer(agreement.sameTopCount),
      "sqnr_db": .number(agreement.sqnrDecibels), "labelled": .integer(agreement.labelledCount),
      "float_correct": .integer(agreement.floatCorrectCount), "correct": .integer(agreement.correctCount),
    ]
  }

  private func layerJSON(_ layer: ConversionReport.LayerReport) -> JSON {
    [
      "name": .string(layer.name), "kind": .string(layer.kind), "fused": .array(layer.fused.map { .string($0) }),
      "output_shape": .array(layer.outputShape.map { .integer($0) }),
      "weights": .integer(layer.weightCount), "zeros": .integer(layer.zeroCount), "bits": .integer(layer.bits),
      "output": layer.outputGrid.map { .string($0) } ?? .null,
      "narrow_noise_db": layer.narrowNoiseDecibels.map { .number($0) } ?? .null,
    ]
  }

  private func operatorJSON(_ operation: ConversionReport.OperatorReport) -> JSON {
    [
      "operation": .string(operation.operation), "inputs": .array(operation.inputs.map { .string($0) }),
      "output": .string(operation.output),
    ]
  }

  /// A line for each layer with weights (all layers when explaining), then the totals.
  func text(isExplaining: Bool) -> String {
    var lines = isExplaining ? report.simplifications : []
    let layers = report.layers.filter { isExplaining || $0.weightCount > 0 }
    let nameWidth = layers.map(\.name.count).max() ?? 0
    for layer in layers { lines.append(line(layer, nameWidth: nameWidth, isExplaining: isExplaining)) }
    if isExplaining {
      lines += report.operators.map { "\($0.operation)(\($0.inputs.joined(separator: ", "))) -> \($0.output)" }
    }
    let removed = report.removedCount > 0 ? ", \(report.removedCount) more went with their channels" : ""
    lines.append("weights: \(report.weightCount), zeros \(percent(report.sparsity))\(removed)")
    lines.append("size: \(sourceByteCount) -> \(outputByteCount) bytes, \(fixed(ratio, 2)) times smaller")
    if let agreement = report.agreement {
      let share = Double(agreement.sameTopCount) / Double(max(agreement.sampleCount, 1))
      lines.append(
        "against the float net, \(report.samples): same top answer \(agreement.sameTopCount) of \(agreement.sampleCount) "
          + "(\(percent(share))), SQNR \(fixed(agreement.sqnrDecibels, 1)) dB")
      if agreement.labelledCount > 0 {
        lines.append(
          "right of \(agreement.labelledCount): float net \(agreement.floatCorrectCount), converted \(agreement.correctCount)")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func line(_ layer: ConversionReport.LayerReport, nameWidth: Int, isExplaining: Bool) -> String {
    var parts = [layer.name.padded(to: nameWidth), layer.kind.padded(to: 20)]
    if layer.weightCount > 0 {
      let zeros = Double(layer.zeroCount) / Double(layer.weightCount)
      parts.append("\(layer.bits) bits, \(layer.weightCount) weights, \(percent(zeros)) zeros")
    }
    if isExplaining, !layer.fused.isEmpty { parts.append("with " + layer.fused.joined(separator: ", ")) }
    if isExplaining, let grid = layer.outputGrid { parts.append("-> \(layer.outputShape) \(grid)") }
    if isExplaining, let noise = layer.narrowNoiseDecibels { parts.append("noise of 8 bits \(fixed(noise, 1)) dB") }
    return parts.joined(separator: "  ")
  }
}

private func percent(_ share: Double) -> String { fixed(share * 100, 1) + " %" }

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}

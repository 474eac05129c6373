import NNQFloat
import NNQONNX

/// What `--explain` says of the float net before anything is done with it.
extension SourceNet {
  /// The inputs, what reading has folded, and a line for each node.
  var explanation: String {
    var lines = graph.inputs.enumerated().map { place, value in
      let kind = graph.indexCounts[place].map { "integers 0...\($0 - 1)" } ?? "real"
      return "input \(graph.values[value].name): \(graph.values[value].shape) \(kind)"
    }
    if !folded.isEmpty { lines.append("computed while reading: " + folded.map(\.description).joined(separator: ", ")) }
    lines += graph.nodes.map { node in
      let inputs = node.inputs.map { describe($0) }.joined(separator: ", ")
      return "\(node.name): \(node.operation.summary)(\(inputs)) -> \(graph.values[node.outputs[0]].shape)"
    }
    lines += graph.outputs.map { "output \(graph.values[$0].name): \(graph.values[$0].shape)" }
    return lines.joined(separator: "\n")
  }

  private func describe(_ value: Int) -> String {
    let kind = graph.values[value].constant == nil ? "" : "constant "
    return "\(kind)\(graph.values[value].name) \(graph.values[value].shape)"
  }
}

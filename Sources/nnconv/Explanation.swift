extension SourceNet {
  /// The float net as it was read, a line for each node.
  var explanation: String {
    let lines = graph.nodes.map { node in
      let inputs = node.inputs.map { "\(graph.values[$0].name) \(graph.values[$0].shape)" }.joined(separator: ", ")
      return "\(node.name): \(node.operation)(\(inputs)) -> \(graph.values[node.outputs[0]].shape)"
    }
    return lines.joined(separator: "\n")
  }
}

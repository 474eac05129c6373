import NNQFloat

/// What a pointwise layer computes, as a net of its own on rows of channels, so that it can be asked for any numbers.
struct PointwiseFunction {
  private let executor: FloatExecutor
  private let points: [Float]
  private let channelCount: Int

  /// - Parameter points: the arguments.
  init(_ pointwise: Pointwise, of layer: Layer, in net: FloatGraph, points: [Float]) throws(FloatGraphError) {
    self.points = points
    channelCount = pointwise.channelAxis.map { net.values[layer.output].shape[$0] } ?? 1
    var graph = FloatGraph()
    var values = [layer.inputs[0]: try graph.addInput(name: "", shape: [points.count, channelCount])]
    for node in pointwise.nodes {
      var operands: [Int] = []
      for input in node.inputs {
        if let known = values[input] {
          operands.append(known)
        } else {
          // One element, or one for each channel.
          let constant = net.values[input].constant ?? []
          operands.append(try graph.addConstant(name: "", shape: [constant.count], values: constant))
        }
      }
      values[node.outputs[0]] = try graph.append(node.operation, name: node.name, inputs: operands, outputName: "")
    }
    graph.outputs = [values[layer.output] ?? 0]
    executor = try FloatExecutor(graph)
  }

  /// The function's values at the points, channel after channel.
  func values() throws(FloatGraphError) -> [Float] {
    let arguments = points.flatMap { [Float](repeating: $0, count: channelCount) }
    let results = try executor.run(inputs: [arguments])[0]
    return (0..<channelCount).flatMap { channel in points.indices.map { results[$0 * channelCount + channel] } }
  }
}
